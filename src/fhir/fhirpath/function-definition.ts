import type { Collection } from './item.js';
import type { Evaluate, Scope } from './scope.js';

/** A function with its arguments, applied to a collection. */
export type Apply = (input: Collection, scope: Scope) => Collection;

/** A function that is there, by the number of arguments that it takes. */
export interface FunctionDefinition {
  readonly least: number;
  readonly most: number;
  readonly build: (...args: readonly Evaluate[]) => Apply;
}
