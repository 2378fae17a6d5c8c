import type { Json } from '../json.js';
import type { Relations } from './sql-statement.js';

/** What PostgreSQL's own parser makes of a text. */
export type SqlParse =
  /** Its parse tree, as libpg_query writes it; places are counted in bytes. */
  | { readonly kind: 'tree'; readonly tree: Json }
  /** `position`: characters before the fault, where it is known. */
  | { readonly kind: 'fault'; readonly message: string; readonly position: number | undefined };

/** What statements of policies are checked against when they are parsed. */
export interface SqlDialect {
  /** Every relation that a statement may read. */
  readonly relations: Relations;
  /** Why others that might be expected are not among them. */
  readonly whyOthersAreMissing?: string | undefined;
  parse(text: string): SqlParse;
}
