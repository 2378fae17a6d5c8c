import { FhirError } from '../../errors/fhir-error.js';

/** A manifest is being made for the same caller: 429 (Bulk Data Access 2.0, Bulk Data Status Request). */
class ManifestUnderWay extends FhirError {
  readonly status = 429;
  override readonly headers = { 'retry-after': '2' };

  constructor() {
    super([{ code: 'throttled', diagnostics: 'Another manifest is being made; try again' }]);
  }
}

/** Manifests are large: nobody has more than one of them made at a time. */
export class ManifestTurns {
  private readonly callers = new Set<string>();

  /**
   * @param caller see `callerKey()`
   * @throws FhirError 429 where the caller has one made; whatever `make` throws
   */
  async run<T>(caller: string, make: () => Promise<T>): Promise<T> {
    if (this.callers.has(caller)) throw new ManifestUnderWay();
    this.callers.add(caller);
    try {
      return await make();
    } finally {
      this.callers.delete(caller);
    }
  }
}
