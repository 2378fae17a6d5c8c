import type { RequestPath } from '../matcho/request-path.js';

/** A piece of a statement: text as it was written, or what a request puts in its place. */
export type SqlPart =
  | { readonly kind: 'text'; readonly text: string }
  /** `{{path}}`: a bound parameter of type text, NULL when the path leads nowhere. */
  | { readonly kind: 'value'; readonly path: RequestPath }
  /** `{{!path}}`: the quoted name of a relation. */
  | { readonly kind: 'relation'; readonly path: RequestPath };

/** A statement whose parts were checked together: one SELECT of one column (spec §7, sql). */
export interface SqlStatement {
  readonly parts: readonly SqlPart[];
  readonly relations: Relations;
}

/** Names of the relations that statements may read, in lower case. */
export type Relations = ReadonlySet<string>;

/** A statement as the database takes it for one request. */
export interface SqlQuery {
  readonly text: string;
  /** Of `$1`, `$2` and so on. */
  readonly values: readonly (string | null)[];
}
