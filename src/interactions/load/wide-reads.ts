import type { EntityManager } from 'typeorm';
import { FhirError } from '../../errors/fhir-error.js';
import type { Admission } from './admission.js';
import { sqlStateOf } from './sql-state.js';

/** A read took longer than it may and was stopped; asking again as it is rarely helps: 503. */
export class ReadTooCostly extends FhirError {
  readonly status = 503;

  constructor(cause: unknown) {
    super(
      [
        {
          code: 'too-costly',
          diagnostics:
            'The search took too long and was stopped; narrow it, or ask for _total=none',
        },
      ],
      { cause },
    );
  }
}

/**
 * Where reads are carried out that may touch many rows, such as searches: so that they cannot keep others
 * from a connection, whose statements take a moment.
 */
export abstract class WideReads {
  /**
   * @throws Overloaded 503 when too many are under way
   * @throws ReadTooCostly 503 when the statement was stopped
   */
  abstract run<T>(read: (manager: EntityManager) => Promise<T>): Promise<T>;
}

/** Reads on connections of their own, so many at once. */
export function pooledReads(manager: EntityManager, admission: Admission): WideReads {
  return { run: (read) => admission.run(() => stoppable(() => read(manager))) };
}

/** Reads as a transaction that is open sees them; it has a connection already. */
export function readsWithin(manager: EntityManager): WideReads {
  return { run: (read) => stoppable(() => read(manager)) };
}

/** PostgreSQL's `query_canceled`, which a statement's timeout is. */
const CANCELLED = '57014';

/** Carries a read out, and says of a statement that was stopped what that means. @throws ReadTooCostly 503 */
export async function stoppable<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw sqlStateOf(error) === CANCELLED ? new ReadTooCostly(error) : error;
  }
}
