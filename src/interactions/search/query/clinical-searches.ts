import type { EntityManager } from 'typeorm';
import { readsWithin, type WideReads } from '../../load/wide-reads.js';
import { assertPicking, type QueryParams } from '../parse-search.js';
import type { Search } from '../search-query.js';
import type { SearchDefinitions } from '../definitions/search-definitions.js';
import { typesIncluded } from './includes.js';
import { isInCompartment, type Compartment } from './compartment.js';
import { parseIndexedSearch, type IndexedSearch } from './parse-indexed-search.js';
import { patientEverything, type EverythingQuery } from './patient-everything.js';
import { reachedTypes } from './reached-types.js';
import { SearchRunner } from './search-runner.js';
import { EVERY_ROW } from './search-statement.js';

/** What searches are read and carried out with. */
export interface SearchContext {
  readonly definitions: SearchDefinitions;
  /** Base of FHIR here, such as `https://example.org/fhir`. */
  readonly baseUrl: string;
  readonly reads: WideReads;
  /** @throws SearchNotReady 503 while a search could miss resources */
  assertComplete(): void;
}

/** Searches of clinical resources by all their search parameters. */
export class ClinicalSearches {
  private readonly runner: SearchRunner;

  constructor(private readonly context: SearchContext) {
    this.runner = new SearchRunner(context.reads, context.definitions, EVERY_ROW);
  }

  /** The same searches as a transaction sees them. */
  within(manager: EntityManager): ClinicalSearches {
    return new ClinicalSearches({ ...this.context, reads: readsWithin(manager) });
  }

  /**
   * @param compartment only resources that are in it
   * @throws BadRequest 400 for every parameter that is unknown, unsupported, empty or unparsable
   */
  parse(params: QueryParams, types: readonly string[], compartment?: Compartment): Search {
    const scope = compartment ? [isInCompartment(types, compartment, this.context)] : [];
    return this.runnable(parseIndexedSearch(params, types, this.context, scope));
  }

  /** A search that is to pick one resource; it finds two at most. @throws BadRequest 400 as {@link parse} */
  parseCriteria(params: QueryParams, type: string): Search {
    assertPicking(params);
    const search = parseIndexedSearch(params, [type], this.context);
    return this.runnable({ ...search, count: 2, isCounted: false });
  }

  /** The record of a patient, see {@link patientEverything}. @throws BadRequest 400 for unreadable dates */
  everything(id: string, query: EverythingQuery): Search {
    return this.runnable(patientEverything(id, query, this.context));
  }

  /** Types to which the search leads, see {@link reachedTypes}. */
  reachedBy(params: QueryParams, types: readonly string[]): readonly string[] {
    return reachedTypes(params, types, this.context);
  }

  private runnable(search: IndexedSearch): Search {
    return {
      inline: search.inline,
      included: typesIncluded(search.includes),
      run: async () => {
        this.context.assertComplete();
        return this.runner.run(search);
      },
    };
  }
}
