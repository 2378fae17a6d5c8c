import { plainToInstance } from 'class-transformer';
import { validate, type ValidationError } from 'class-validator';
import type { Issue, IssueCode } from '../errors/fhir-error.js';
import type { SystemResourceDto } from './system-resource.dto.js';

/** A DTO class of a system resource. */
export type DtoClass = new () => SystemResourceDto;

/** @returns one issue per problem, with the element at fault; empty when the resource is valid. */
export async function validateDto(
  type: string,
  Dto: DtoClass,
  resource: Readonly<Record<string, unknown>>,
): Promise<readonly Issue[]> {
  const instance = plainToInstance(Dto, resource);
  const errors = await validate(instance, {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    validationError: { target: false, value: false },
  });
  return errors.flatMap((error) => issuesOf(error, type));
}

function issuesOf(error: ValidationError, parent: string): readonly Issue[] {
  const expression = /^\d+$/.test(error.property)
    ? `${parent}[${error.property}]`
    : `${parent}.${error.property}`;
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
