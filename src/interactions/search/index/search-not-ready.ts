import { FhirError } from '../../../errors/fhir-error.js';

/** Another version of Wardgate has begun to index resources in its way: 503 for what would write them in this one's. */
export class IndexOutdated extends FhirError {
  readonly status = 503;
  override readonly headers = { 'retry-after': '5' };

  constructor() {
    super([
      {
        code: 'transient',
        diagnostics:
          'A newer version of Wardgate has taken over the index of this database; this instance must be replaced',
      },
    ]);
  }
}

/** Not all resources are indexed yet, so that a search could miss some: 503, until they are. */
export class SearchNotReady extends FhirError {
  readonly status = 503;
  override readonly headers = { 'retry-after': '5' };

  constructor() {
    super([{ code: 'transient', diagnostics: 'Existing resources are being indexed; try again' }]);
  }
}
