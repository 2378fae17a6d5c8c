import { plainToInstance } from 'class-transformer';
import { validate, type ValidationError } from 'class-validator';
import type { Issue, IssueCode } from '../errors/fhir-error.js';
import type { SystemResourceDto } from './system-resource.dto.js';

/** A DTO class of a system resource. */
export type DtoClass = new () => SystemResourceDto;

/** No element's name begins with it: NUL is refused when a body is read. */
const SHIELD = '\0';

/** @returns one issue per problem, with the element at fault; empty when the resource is valid. */
export async function validateDto(
  type: string,
  Dto: DtoClass,
  resource: Readonly<Record<string, unknown>>,
): Promise<readonly Issue[]> {
  const instance = plainToInstance(Dto, shielded(resource) as Readonly<Record<string, unknown>>);
  const errors = await validate(instance, {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    validationError: { target: false, value: false },
  });
  return errors.flatMap((error) => issuesOf(error, type));
}

/**
 * A copy in which no element bears the name of something that every object inherits. The transformer
 * passes over such elements, so that the validator never sees them, and calls a `constructor`.
 */
function shielded(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shielded);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => [
    name in Object.prototype ? SHIELD + name : name,
    shielded(member),
  ]);
  return Object.fromEntries(members);
}

function issuesOf(error: ValidationError, parent: string): readonly Issue[] {
  const expression = /^\d+$/.test(error.property)
    ? `${parent}[${error.property}]`
    : `${parent}.${error.property.replace(SHIELD, '')}`;
  const own = Object.entries(error.constraints ?? {}).map(([constraint, message]) => ({
    code: codeOf(constraint),
    diagnostics: constraint === 'whitelistValidation' ? 'Unknown element' : message,
    expression,
  }));
  return [...own, ...(error.children ?? []).flatMap((child) => issuesOf(child, expression))];
}

function codeOf(constraint: string): IssueCode {
  switch (constraint) {
    case 'whitelistValidation':
      return 'structure';
    case 'isDefined':
    case 'isNotEmpty':
      return 'required';
    default:
      return 'value';
  }
}
