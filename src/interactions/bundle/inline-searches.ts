import { FhirError } from '../../errors/fhir-error.js';
import type { InlineSearch, Search } from '../search/search-query.js';
import type { EntryDecisions, EntryRequest } from './entry-authorizer.js';
import { queryStringOf } from './query-string.js';

/** A search leads to resources of a type that the caller may not search so: 403. */
export class InlineSearchDenied extends FhirError {
  readonly status = 403;

  constructor({ type, query }: InlineSearch) {
    const names = Object.keys(query).join('&').slice(0, 100);
    super([
      {
        code: 'forbidden',
        diagnostics:
          `The search leads to ${type}${names === '' ? '' : ` by ${names}`}, which no access policy allows; ` +
          'a reference to several types can be narrowed to one, as in subject:Patient, and a record by _type',
      },
    ]);
  }
}

/**
 * Why the caller may not be answered what a search reaches by chains, `_has` and includes: each is decided as
 * a `FhirSearch` of its type (spec §9). `undefined` if all of it is allowed.
 */
export async function refusalOfInline(
  { inline }: Pick<Search, 'inline'>,
  decisions: EntryDecisions,
): Promise<FhirError | undefined> {
  if (!decisions.decidesInlineSearches) return undefined;
  return refusalOfSearches(inline, decisions);
}

/** Why the caller may not do one of the searches, each asked for on its own; `undefined` if all are allowed. */
export async function refusalOfSearches(
  searches: readonly InlineSearch[],
  decisions: EntryDecisions,
): Promise<FhirError | undefined> {
  const distinct = new Map(searches.map((search) => [JSON.stringify(search), search]));
  for (const search of distinct.values()) {
    const refusal = await decisions.refusalOf(requestOf(search));
    if (refusal) return refusal.status === 403 ? new InlineSearchDenied(search) : refusal;
  }
  return undefined;
}

/** @throws FhirError as {@link refusalOfInline} says */
export async function assertInlineAllowed(
  search: Pick<Search, 'inline'>,
  decisions: EntryDecisions,
): Promise<void> {
  const refusal = await refusalOfInline(search, decisions);
  if (refusal) throw refusal;
}

/** The request that the search of the type would be on its own. */
function requestOf({ type, query }: InlineSearch): EntryRequest {
  return {
    method: 'get',
    path: `/fhir/${type}`,
    queryString: queryStringOf(query),
    query,
    routeParams: { type },
    operation: 'FhirSearch',
    isSystem: false,
    body: undefined,
  };
}
