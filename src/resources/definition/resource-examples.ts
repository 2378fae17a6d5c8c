import type { JsonObject } from '../../policy/json.js';

/** Examples of one type in the description of the API; each is accepted as it stands. */
export interface ResourceExamples {
  /** Id that the example requests address. */
  readonly id: string;
  /** By what they show; the first is what the page sends unless told otherwise. Without an id. */
  readonly resources: Readonly<Record<string, JsonObject>>;
  /** New values of elements, for a patch of the first example. */
  readonly changes: JsonObject;
}
