import type { ResourceInteractions } from '../resource-interactions.js';
import type { QueryParams } from '../search/parse-search.js';
import type { Search } from '../search/search-query.js';

/** The interactions of one resource type, which also knows its search parameters. */
export interface SearchableInteractions extends ResourceInteractions {
  /** @throws BadRequest 400 for a parameter that is unknown, empty or unparsable. */
  parseSearch(query: QueryParams): Search;
  /**
   * A search that is to pick one resource; it finds two at most, which tells that the criteria are not enough.
   *
   * @throws BadRequest 400 also for parameters that shape a result, and without any that picks
   */
  parseCriteria(query: QueryParams): Search;
}

/** A resource type that Bundle entries may address. */
export interface BundledType {
  readonly name: string;
  /** Writing or reading it is administration (spec §7). */
  readonly isSystem: boolean;
  readonly interactions: SearchableInteractions;
}

/** Every resource type that this server serves under `/fhir`. */
export abstract class BundleTypes {
  /** Base URL of the server, without a trailing slash and without `/fhir`. */
  abstract readonly baseUrl: string;
  abstract find(name: string): BundledType | undefined;
}
