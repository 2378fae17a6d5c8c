import { FhirError } from '../../errors/fhir-error.js';

/** So much of one kind is under way that this would have to wait too long: 503, to be tried again. */
export class Overloaded extends FhirError {
  readonly status = 503;
  override readonly headers = { 'retry-after': '1' };

  /** @param what is under way, in the plural */
  constructor(what: string) {
    super([{ code: 'throttled', diagnostics: `Too many ${what} are under way; try again` }]);
  }
}
