import type { JsonObject } from '../../policy/json.js';
import type { CompletedRequest } from '../../policy/run-test.js';

/** What the server knows of requests that may be sent to it, for checks of policies. */
export abstract class KnownRequests {
  /** Ids of the operations that its routes have. */
  abstract operations(): ReadonlySet<string>;

  /**
   * A request as policies would see it: operation, route parameters and claims added, nothing looked up.
   *
   * @throws InvalidResource for what no request could be; its issues are placed from `request` on.
   */
  abstract complete(written: JsonObject): CompletedRequest;
}
