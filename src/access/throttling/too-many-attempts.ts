import { FhirError } from '../../errors/fhir-error.js';

/** Too many secrets were wrong; a right one is not looked at either: 429. */
export class TooManyAttempts extends FhirError {
  readonly status = 429;
  override readonly headers: Readonly<Record<string, string>>;

  /** @param blockedForMs how long nothing is tried, in ms */
  constructor(blockedForMs: number) {
    super([
      {
        code: 'throttled',
        diagnostics:
          'Too many attempts with a wrong secret; none is looked at until the time in Retry-After is over',
      },
    ]);
    this.headers = { 'retry-after': String(Math.max(1, Math.ceil(blockedForMs / 1000))) };
  }
}
