import { FhirError } from '../../errors/fhir-error.js';

/** This instance cannot tell whether its users, roles and policies are current: it must not decide. */
export class StaleConfiguration extends FhirError {
  readonly status = 503;
  override readonly headers = { 'retry-after': '5' };

  constructor() {
    super([
      {
        code: 'transient',
        diagnostics:
          'The configuration could not be read for some seconds; access cannot be decided now',
      },
    ]);
  }
}
