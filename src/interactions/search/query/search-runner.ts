import { BadRequest } from '../../../errors/fhir-error.js';
import type { WideReads } from '../../load/wide-reads.js';
import { fromRow, type VersionRow } from '../../storage/version-row.js';
import { isLive, type LiveVersion } from '../../storage/stored-version.js';
import type { SearchDefinitions } from '../definitions/search-definitions.js';
import type { SearchPage } from '../search-query.js';
import { writeCursor } from './page-cursor.js';
import type { IndexedSearch } from './parse-indexed-search.js';
import { shaped } from './result-shape.js';
import { composeSearch, MAX_INCLUDED } from './compose-search.js';
import { SearchStatement, type RowFilter } from './search-statement.js';

/** A row of the answer; the first columns are null in the one row of an answer without resources. */
interface ResultRow extends Omit<VersionRow, 'resource_type'> {
  readonly resource_type: string | null;
  readonly total: string | null;
  readonly is_match: boolean;
  readonly keys: readonly (string | null)[];
}

/** Carries out searches, each as one statement on one snapshot of the database. */
export class SearchRunner {
  constructor(
    private readonly reads: WideReads,
    private readonly definitions: SearchDefinitions,
    private readonly filter: RowFilter,
  ) {}

  /** @throws BadRequest 400 when more would be included than an answer takes, or more bytes than it can have */
  async run(search: IndexedSearch): Promise<SearchPage> {
    const statement = new SearchStatement(this.filter);
    const text = composeSearch(search, statement);
    const rows: ResultRow[] = await this.reads.run((manager) =>
      manager.query(text, statement.values),
    );
    const counted = rows[0]?.total ?? null;
    const found = rows.filter(isResource);
    const matched = found.filter(({ is_match: isMatch }) => isMatch);
    const included = found.filter(({ is_match: isMatch }) => !isMatch);
    if (included.length > MAX_INCLUDED) {
      const diagnostics = `More than ${MAX_INCLUDED} resources would be included; lower _count`;
      throw new BadRequest(diagnostics, 'too-costly', '_include');
    }
    if (found.some(({ text: resource }) => resource === null)) {
      throw new BadRequest('The answer would be too large; lower _count', 'too-costly', '_count');
    }
    const page = matched.slice(0, search.count);
    return {
      total: counted === null ? undefined : Number(counted),
      matches: page.flatMap((row) => this.version(row, search)),
      included: included.flatMap((row) => this.version(row, search)),
      next: matched.length > page.length ? cursorAfter(page.at(-1)) : undefined,
    };
  }

  private version(row: VersionRow, { shape }: IndexedSearch): readonly LiveVersion[] {
    const version = fromRow(row);
    if (!isLive(version)) return [];
    const text = shaped(version.text, version.type, shape, this.definitions);
    return [{ ...version, text }];
  }
}

function isResource(row: ResultRow): row is ResultRow & VersionRow {
  return row.resource_type !== null;
}

function cursorAfter(row: (ResultRow & VersionRow) | undefined): string | undefined {
  return row && writeCursor({ values: row.keys, type: row.resource_type, id: row.id });
}
