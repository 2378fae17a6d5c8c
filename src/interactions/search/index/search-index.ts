import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { InvalidResource } from '../../../errors/fhir-error.js';
import { isJsonObject } from '../../formats/json.js';
import type { SearchDefinitions } from '../definitions/search-definitions.js';
import type { SearchElement } from '../definitions/search-element.js';
import { RowExtraction } from './extract-rows.js';
import type { IndexRows } from './index-rows.js';
import { insertion, removal } from './index-statements.js';
import { parseForIndex } from './parse-for-index.js';
import { IndexOutdated } from './search-not-ready.js';

/** More values than any record has; what is more costs the writer, not everybody else. */
const MAX_ROWS = 20_000;

/** A resource whose values are to be found. */
export interface Indexed {
  /** Key of its row in the index tables. */
  readonly key: string;
  readonly type: string;
  /** JSON text of the current version. */
  readonly text: string;
}

/** Keeps by what current versions are found, in the transaction that writes them. */
export class SearchIndex {
  /** Changes with whatever decides how resources are indexed: which references lead here, too. */
  readonly version: string;
  /** What decides how this instance indexes, besides its base URL. */
  private readonly definitions: string;
  private readonly elements: ReadonlyMap<string, readonly SearchElement[]>;

  /**
   * @param baseUrl base of FHIR here, such as `https://example.org/fhir`
   * @param keepsReferences whether all references are kept, also those that no parameter looks at
   */
  constructor(
    definitions: SearchDefinitions,
    private readonly baseUrl: string,
    private readonly keepsReferences = false,
  ) {
    const base = createHash('sha256').update(baseUrl).digest('hex').slice(0, 8);
    this.definitions = definitions.version + (keepsReferences ? '+references' : '');
    this.version = `${this.definitions}-${base}`;
    this.elements = new Map(definitions.types.map((type) => [type, definitions.elements(type)]));
  }

  /**
   * @param version by which resources are indexed now, as a writer has seen it that holds {@link INDEX_USED}
   * @throws IndexOutdated 503 when others index by other definitions: what was written here would not be found
   */
  assertCurrent(version: string | null): void {
    if (version === null || version.replace(/-[^-]*$/, '') === this.definitions) return;
    throw new IndexOutdated();
  }

  /** Adds resources of which the index has nothing yet. */
  async add(manager: EntityManager, resources: readonly Indexed[]): Promise<void> {
    const statement = insertion(
      resources.map(({ key, type, text }) => ({ key, rows: this.rowsOf(type, text) })),
    );
    if (statement) await manager.query(statement.text, [...statement.values]);
  }

  /** Removes what the index has of resources. */
  async remove(manager: EntityManager, keys: readonly string[]): Promise<void> {
    await manager.query(removal(), [keys]);
  }

  /** @throws InvalidResource 422 when there are more values than the index takes. */
  rowsOf(type: string, text: string): IndexRows {
    const resource = parseForIndex(text);
    const extraction = new RowExtraction(this.baseUrl);
    if (!isJsonObject(resource)) return extraction.rows;
    if (this.keepsReferences) extraction.addReferences(resource);
    for (const element of this.elements.get(type) ?? []) {
      extraction.add(resource, element);
      const count = Object.values(extraction.rows).reduce((sum, rows) => sum + rows.length, 0);
      if (count > MAX_ROWS) {
        const diagnostics = `The resource has more than ${MAX_ROWS} values to search by`;
        throw new InvalidResource([{ code: 'too-costly', diagnostics, expression: type }]);
      }
    }
    return extraction.rows;
  }
}
