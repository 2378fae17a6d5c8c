import { QueryFailedError } from 'typeorm';
import { Duplicate } from '../../errors/fhir-error.js';

/** What a violated constraint means to the caller: the element at fault, and plain words. */
export interface DuplicateElement {
  readonly expression: string;
  readonly diagnostics: string;
}

/** By name of the unique constraint or index. */
export type Uniqueness = Readonly<Record<string, DuplicateElement>>;

/** SQLSTATE unique_violation. */
const UNIQUE_VIOLATION = '23505';

/** Runs a write; the violation of a listed constraint becomes a {@link Duplicate} (409). */
export async function reportDuplicates<T>(
  uniqueness: Uniqueness,
  write: () => Promise<T>,
): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const element = violated(uniqueness, error);
    throw element ? new Duplicate(element.diagnostics, element.expression) : error;
  }
}

function violated(uniqueness: Uniqueness, error: unknown): DuplicateElement | undefined {
  if (!(error instanceof QueryFailedError)) return undefined;
  const { code, constraint } = error.driverError as { code?: unknown; constraint?: unknown };
  if (code !== UNIQUE_VIOLATION || typeof constraint !== 'string') return undefined;
  return Object.hasOwn(uniqueness, constraint) ? uniqueness[constraint] : undefined;
}
