import type { FhirError } from '../../errors/fhir-error.js';
import type { EntryDecisions, EntryRequest } from '../../interactions/bundle/entry-authorizer.js';
import { InlineSearchDenied } from '../../interactions/bundle/inline-searches.js';
import type { SearchDefinitions } from '../../interactions/search/definitions/search-definitions.js';

/** Whose record it is; without an id, the records of all of the type. */
export interface RecordOwner {
  readonly type: string;
  readonly id?: string | undefined;
}

/**
 * Why the caller may not be answered a record with resources of these types: each is decided on its own, as
 * the search of the owner's compartment where it is in that, else as a search of the whole type.
 *
 * @returns `undefined` if all of it is allowed, or the parts of searches are not decided at all
 */
export async function refusalOfRecord(
  { type, id }: RecordOwner,
  types: readonly string[],
  definitions: SearchDefinitions,
  decisions: EntryDecisions,
): Promise<FhirError | undefined> {
  if (!decisions.decidesInlineSearches) return undefined;
  for (const member of types) {
    const isIn = id !== undefined && definitions.compartmentParameters(type, member).length > 0;
    const request = isIn ? compartmentSearch({ type, id, member }) : typeSearch(member);
    const refusal = await decisions.refusalOf(request);
    if (refusal?.status === 403) return new InlineSearchDenied({ type: member, query: {} });
    if (refusal) return refusal;
  }
  return undefined;
}

const READING = {
  method: 'get',
  queryString: undefined,
  query: {},
  isSystem: false,
  body: undefined,
} as const;

function compartmentSearch(
  routeParams: Required<Pick<EntryRequest['routeParams'], 'type' | 'id' | 'member'>>,
): EntryRequest {
  const { type, id, member } = routeParams;
  const path = `/fhir/${type}/${id}/${member}`;
  return { ...READING, path, routeParams, operation: 'FhirCompartmentSearch' };
}

function typeSearch(type: string): EntryRequest {
  return { ...READING, path: `/fhir/${type}`, routeParams: { type }, operation: 'FhirSearch' };
}
