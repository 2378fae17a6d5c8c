import { FhirError } from '../../errors/fhir-error.js';
import type { Json, ParsedBody } from '../formats/json.js';
import type { BundledType } from './bundle-types.js';
import { criteriaRequest, criteriaSearch, type Criteria } from './criteria.js';
import type { Search } from '../search/search-query.js';
import type { EntryAddress } from './entry-address.js';
import type { EntryDecisions, EntryRequest } from './entry-authorizer.js';
import { refusalOfInline } from './inline-searches.js';
import { yieldInBetween } from './yield-in-between.js';

/** `Bundle.entry.request.method`, as far as it is served here. */
export type EntryMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A patch document, taken out of the Binary in which an entry carries it. */
export interface EntryPatch {
  readonly body: ParsedBody;
  readonly contentType: string;
}

/** One entry of a Bundle that was understood. */
export interface BundleEntry {
  /** Position in `Bundle.entry`, from 0. */
  readonly index: number;
  readonly fullUrl: string | undefined;
  readonly method: EntryMethod;
  readonly type: BundledType;
  readonly address: EntryAddress;
  /** Operation id of the route that would serve it (spec §7). */
  readonly operation: string;
  /** As it was sent; only where the method takes one. */
  readonly resource: Json | undefined;
  readonly patch: EntryPatch | undefined;
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
  readonly ifNoneExist: Criteria | undefined;
  /** Picks the resource that is to be changed, where the URL names only a type. */
  readonly target: Criteria | undefined;
  /** By the text of the reference. */
  readonly conditionalReferences: ReadonlyMap<string, Criteria>;
}

/** The id under which the entry would write, as far as the entry says. */
export function statedId({ method, address, resource }: BundleEntry): string | undefined {
  if (method !== 'POST') return address.id;
  if (typeof resource !== 'object' || resource === null) return undefined;
  const id: unknown = Object.getOwnPropertyDescriptor(resource, 'id')?.value;
  return typeof id === 'string' ? id : undefined;
}

/**
 * Why the caller may not do what the entry asks for, searches by its criteria included; `undefined` if all
 * of it is allowed.
 */
export async function refusalOfEntry(
  entry: BundleEntry,
  decisions: EntryDecisions,
): Promise<FhirError | undefined> {
  try {
    for (const [step, request] of requestsOf(entry).entries()) {
      const refusal = await decisions.refusalOf(request);
      if (refusal) return refusal;
      await yieldInBetween(step);
    }
    for (const search of searchesOf(entry)) {
      const refusal = await refusalOfInline(search, decisions);
      if (refusal) return refusal;
    }
  } catch (error) {
    if (error instanceof FhirError) return error;
    throw error;
  }
  return undefined;
}

/** All criteria by which the entry would look for resources. */
export function criteriaOf(entry: BundleEntry): readonly Criteria[] {
  const { conditionalReferences, ifNoneExist, target } = entry;
  return [...conditionalReferences.values(), ifNoneExist, target].filter((it) => it !== undefined);
}

/** The searches that the entry would carry out, its own and those by its criteria. */
function searchesOf(entry: BundleEntry): readonly Search[] {
  const { type, address, method } = entry;
  const isSearch = method === 'GET' && address.id === undefined && !address.isHistory;
  return [
    ...(isSearch ? [type.interactions.parseSearch(address.query)] : []),
    ...criteriaOf(entry).map(criteriaSearch),
  ];
}

function requestsOf(entry: BundleEntry): readonly EntryRequest[] {
  return [requestOf(entry), ...criteriaOf(entry).map(criteriaRequest)];
}

/** What the entry asks for, as policies are asked about it; searches by its criteria are apart. */
export function requestOf({
  method,
  type,
  address,
  operation,
  resource,
  patch,
}: BundleEntry): EntryRequest {
  const { id, vid, isHistory, queryString, query } = address;
  const segments = [type.name, id, isHistory ? '_history' : undefined, vid];
  return {
    method: method.toLowerCase() as EntryRequest['method'],
    path: `/fhir/${segments.filter((segment) => segment !== undefined).join('/')}`,
    queryString,
    query,
    routeParams: {
      type: type.name,
      ...(id === undefined ? {} : { id }),
      ...(vid === undefined ? {} : { vid }),
    },
    operation,
    isSystem: type.isSystem,
    body: patch ? patch.body.value : resource,
  };
}
