import { FhirError } from '../../../errors/fhir-error.js';

/** A policy could not be checked now, so that it is not written. */
export class StatementUnchecked extends FhirError {
  readonly status = 503;
  override readonly headers = { 'retry-after': '5' };

  constructor() {
    super([
      {
        code: 'transient',
        diagnostics:
          'The database that evaluates SQL policies has not answered; nothing was written',
      },
    ]);
  }
}
