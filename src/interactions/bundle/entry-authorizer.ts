import type { FhirError } from '../../errors/fhir-error.js';
import type { Json } from '../formats/json.js';
import type { InteractionRequest } from '../http/interaction-request.js';
import type { QueryParams } from '../search/parse-search.js';

/** One thing that a Bundle entry would do, as the request that it would be on its own. */
export interface EntryRequest {
  /** Lower case. */
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Canonical path, `/fhir` included. */
  readonly path: string;
  readonly queryString: string | undefined;
  readonly query: QueryParams;
  readonly routeParams: {
    readonly type: string;
    readonly id?: string;
    readonly vid?: string;
    /** Of a search in the compartment of the resource: the type that is searched. */
    readonly member?: string;
  };
  /** Operation id of the route that would serve it. */
  readonly operation: string;
  /** Whether the type is a system resource's, so that the request is administration. */
  readonly isSystem: boolean;
  /** The resource or the patch document. */
  readonly body: Json | undefined;
}

/** Decides on what the entries of one Bundle, or the parts of one search, would do. */
export interface EntryDecisions {
  /**
   * Whether what a search reaches by chains, `_has` and includes is decided too
   * (BOX_FHIR_SEARCH_AUTHORIZE_INLINE_REQUESTS).
   */
  readonly decidesInlineSearches: boolean;
  /** @returns why the caller may not do it, with the status to answer; `undefined` if it is allowed. */
  refusalOf(request: EntryRequest): Promise<FhirError | undefined>;
}

/** Decision point for what is within a request (spec §9); implemented where policies are known. */
export abstract class EntryAuthorizer {
  /** Decisions for the caller of a request, all on the users, roles and policies of this moment. */
  abstract snapshot(request: InteractionRequest): EntryDecisions;
}
