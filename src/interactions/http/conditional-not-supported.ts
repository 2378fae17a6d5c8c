import { FhirError } from '../../errors/fhir-error.js';

/** A conditional interaction was asked for; doing it unconditionally would be something else: 501. */
export class ConditionalNotSupported extends FhirError {
  readonly status = 501;

  /** @param instead What the caller can do. */
  constructor(instead: string) {
    super([
      {
        code: 'not-supported',
        diagnostics: `Conditional interactions are not supported here; ${instead}`,
      },
    ]);
  }
}
