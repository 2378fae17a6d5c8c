import { FhirError } from '../../../errors/fhir-error.js';

/** Not all resources are indexed yet, so that a search could miss some: 503, until they are. */
export class SearchNotReady extends FhirError {
  readonly status = 503;
  override readonly headers = { 'retry-after': '5' };

  constructor() {
    super([{ code: 'transient', diagnostics: 'Existing resources are being indexed; try again' }]);
  }
}
