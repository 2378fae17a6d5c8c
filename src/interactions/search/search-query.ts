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

/**
 * A condition over one row of a resource table, rendered when the statement is composed.
 *
 * @param row the alias of the table, where it has one
 */
export type Condition = (bindings: Bindings, row?: string) => string;

/** A search that has been checked: every condition is understood. */
export interface SearchQuery {
  readonly conditions: readonly Condition[];
  readonly count: number;
  /** Id of the last resource of the previous page. */
  readonly after: string | undefined;
}

/** One page of matches; paging is stable under concurrent writes. */
export interface SearchPage {
  /** Number of all matches; `undefined` where nobody asked. */
  readonly total: number | undefined;
  readonly matches: readonly LiveVersion[];
  /** What was asked for besides the matches; of any type. */
  readonly included: readonly LiveVersion[];
  /** What `_after` continues with; `undefined` on the last page. */
  readonly next: string | undefined;
}

/** A search of another type that is part of one; whoever asks must be allowed it too (spec §9). */
export interface InlineSearch {
  readonly type: string;
  /** What it would be asked with on its own. */
  readonly query: Readonly<Record<string, string | readonly string[]>>;
}

/** A search that was understood and can be carried out. */
export interface Search {
  /** What must be allowed besides the search itself, before it is carried out. */
  readonly inline: readonly InlineSearch[];
  /** Types of the resources that includes add to the matches. */
  readonly included: readonly string[];
  run(): Promise<SearchPage>;
}
