import type { LiveVersion } from '../storage/stored-version.js';

/** Collects the bound values of one SQL statement. */
export class Bindings {
  readonly values: unknown[] = [];

  /** @returns the placeholder that stands for the value. */
  bind(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}

/** A condition over one row of a resource table, rendered when the statement is composed. */
export type Condition = (bindings: Bindings) => string;

/** A search that has been checked: every condition is understood. */
export interface SearchQuery {
  readonly conditions: readonly Condition[];
  readonly count: number;
  /** Id of the last resource of the previous page. */
  readonly after: string | undefined;
}

/** One page of matches, in order of id, so that paging is stable under concurrent writes. */
export interface SearchPage {
  readonly total: number;
  readonly matches: readonly LiveVersion[];
  /** Id to continue after; `undefined` on the last page. */
  readonly next: string | undefined;
}
