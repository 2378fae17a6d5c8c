import type { TokenIntrospector } from '../resources/token-introspector/token-introspector.js';

/** The stored TokenIntrospectors, in memory. Whoever keeps them hands out the current ones. */
export abstract class IntrospectorSource {
  /**
   * All of them, inactive ones included, in id order. The array is replaced when one changes, never
   * altered: what is derived from it is kept as long as it is the same array.
   */
  abstract all(): readonly TokenIntrospector[];
}
