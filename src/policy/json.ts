/** Any JSON value, as request data and resources are seen by the decision point. Never mutated. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object; keys are its own properties only. */
export interface JsonObject {
  readonly [key: string]: Json;
}
