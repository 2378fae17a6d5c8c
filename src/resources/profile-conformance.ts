import type { Issue } from '../errors/fhir-error.js';
import type { Transaction } from '../interactions/storage/transaction.js';
import type { JsonObject } from '../policy/json.js';

/** Compares system resources with the profiles that they claim or must conform to. */
export abstract class ProfileConformance {
  /**
   * @param resource without secrets
   * @returns issues of severity `error` make it invalid.
   */
  abstract issues(
    resource: JsonObject,
    type: string,
    use: { readonly transaction: Transaction },
  ): Promise<readonly Issue[]>;
}
