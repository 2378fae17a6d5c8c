import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { BadRequest } from '../../../errors/fhir-error.js';
import { assertHeld } from '../../load/answer-size.js';
import { isDataException } from '../../load/sql-state.js';
import type { WideReads } from '../../load/wide-reads.js';
import { fromRow, type VersionRow } from '../../storage/version-row.js';
import { isLive, type LiveVersion } from '../../storage/stored-version.js';
import type { SearchDefinitions } from '../definitions/search-definitions.js';
import { SearchNotReady } from '../index/search-not-ready.js';
import type { SearchPage } from '../search-query.js';
import { notOurs, writeCursor } from './page-cursor.js';
import type { IndexedSearch } from './parse-indexed-search.js';
import { shaped } from './result-shape.js';
import { composeSearch, MAX_INCLUDED } from './compose-search.js';
import { SearchStatement, type RowFilter } from './search-statement.js';

/** A row of the answer; the first columns are null in the one row of an answer without resources. */
interface ResultRow extends Omit<VersionRow, 'resource_type'> {
  readonly resource_type: string | null;
  readonly total: string | null;
  readonly is_ready: boolean | null;
  readonly is_match: boolean;
  readonly is_too_large: boolean | null;
  readonly keys: readonly (string | null)[];
}

/** Carries out searches, each as one statement on one snapshot of the database. */
export class SearchRunner {
  constructor(
    private readonly reads: WideReads,
    private readonly definitions: SearchDefinitions,
    private readonly filter: RowFilter,
  ) {}

  /**
   * @throws BadRequest 400 when more would be included than an answer takes, or more bytes than it can have
   * @throws SearchNotReady 503 when resources are not indexed by these definitions, or no longer
   */
  async run(search: IndexedSearch): Promise<SearchPage> {
    const statement = new SearchStatement(this.filter);
    const text = composeSearch(search, statement);
    const rows = await this.rows(search, text, statement.values);
    if (rows[0]?.is_ready !== true) throw new SearchNotReady();
    const counted = rows[0].total;
    const found = rows.filter(isResource);
    const matched = found.filter(({ is_match: isMatch }) => isMatch);
    const included = found.filter(({ is_match: isMatch }) => !isMatch);
    if (included.length > MAX_INCLUDED) {
      const diagnostics = `More than ${MAX_INCLUDED} resources would be included; lower _count`;
      throw new BadRequest(diagnostics, 'too-costly', '_include');
    }
    assertHeld(found);
    const page = matched.slice(0, search.count);
    return {
      total: counted === null ? undefined : Number(counted),
      matches: await this.versions(page, search),
      included: await this.versions(included, search),
      next: matched.length > page.length ? cursorAfter(page.at(-1)) : undefined,
    };
  }

  private async rows(
    { after }: IndexedSearch,
    text: string,
    values: unknown[],
  ): Promise<readonly ResultRow[]> {
    try {
      return await this.reads.run((manager) => manager.query<ResultRow[]>(text, values));
    } catch (error) {
      // Everything else was read; a cursor may still hold what only looks like a value, such as a 13th month.
      throw after && isDataException(error) ? notOurs() : error;
    }
  }

  private async versions(
    rows: readonly VersionRow[],
    { shape }: IndexedSearch,
  ): Promise<readonly LiveVersion[]> {
    const versions: LiveVersion[] = [];
    let characters = 0;
    for (const version of rows.map(fromRow).filter(isLive)) {
      const text = shaped(version.text, version.type, shape, this.definitions);
      versions.push({ ...version, text });
      if (shape.kind === 'whole') continue;
      characters += version.text.length;
      if (characters < SHAPED_AT_ONCE) continue;
      characters = 0;
      await yieldToOthers();
    }
    return versions;
  }
}

/** Characters of resources that are taken apart before others have their turn: some milliseconds. */
const SHAPED_AT_ONCE = 64 * 1024;

function isResource(row: ResultRow): row is ResultRow & VersionRow {
  return row.resource_type !== null;
}

function cursorAfter(row: (ResultRow & VersionRow) | undefined): string | undefined {
  return row && writeCursor({ values: row.keys, type: row.resource_type, id: row.id });
}
