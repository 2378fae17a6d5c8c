import { BadRequest } from '../../errors/fhir-error.js';
import { returnPreference, type Answer } from '../http/answer.js';
import { warningHeader } from '../http/interaction-answers.js';
import type { InteractionRequest } from '../http/interaction-request.js';
import { etag } from '../http/preconditions.js';
import type { QueryParams } from '../search/parse-search.js';
import type { BundleEntry, EntryMethod, EntryPatch } from './bundle-entry.js';
import type { BundledType } from './bundle-types.js';
import { readEntryQuery, type EntryAddress } from './entry-address.js';
import type { EntryResponse } from './entry-response.js';
import { queryStringOf } from './query-string.js';

/** Methods of conditional interactions (FHIR R4, RESTful API §3.1.0.4.3, §3.1.0.6.1, §3.1.0.7.1, §3.1.0.8.1). */
export type ConditionalMethod = Exclude<EntryMethod, 'GET'>;

const OPERATIONS: Readonly<Record<ConditionalMethod, string>> = {
  POST: 'FhirCreate',
  PUT: 'FhirConditionalUpdate',
  PATCH: 'FhirConditionalPatch',
  DELETE: 'FhirConditionalDelete',
};

/** Parameters that say how the answer is to look, and pick nothing. */
const FORMAT: ReadonlySet<string> = new Set(['_format', '_pretty']);

/**
 * A conditional interaction on a route as the entry of a Bundle that it would be.
 *
 * @param ifNoneExist the header of a create
 * @throws BadRequest 400 when there is nothing that picks a resource.
 */
export function conditionalEntry(
  method: ConditionalMethod,
  type: BundledType,
  request: InteractionRequest,
  ifNoneExist?: string,
): BundleEntry {
  const isCreate = method === 'POST';
  const queryString = isCreate ? ifNoneExist?.replace(/^\?/, '') : criteriaIn(request.query);
  if (!queryString) throw new BadRequest('A condition needs search parameters', 'required');
  const criteria = { type, queryString };
  const { body } = request;
  return {
    index: 0,
    fullUrl: undefined,
    method,
    type,
    address: addressOf(type, isCreate ? undefined : queryString),
    operation: OPERATIONS[method],
    resource: body?.value,
    patch: method === 'PATCH' ? patchIn(request) : undefined,
    ifMatch: request.ifMatch,
    ifNoneMatch: request.ifNoneMatch,
    ifNoneExist: isCreate ? criteria : undefined,
    target: isCreate ? undefined : criteria,
    conditionalReferences: new Map(),
  };
}

function patchIn({ body, contentType = '' }: InteractionRequest): EntryPatch | undefined {
  return body && { body, contentType };
}

function addressOf({ name }: BundledType, queryString: string | undefined): EntryAddress {
  const query = readEntryQuery(queryString);
  return { type: name, id: undefined, vid: undefined, isHistory: false, queryString, query };
}

/** What the interaction is answered with on its route. */
export function conditionalAnswer(response: EntryResponse, prefer: string | undefined): Answer {
  const { status, version, location, resource, outcome, warnings = [] } = response;
  const text = returnPreference(prefer) === 'OperationOutcome' ? outcome : resource;
  return {
    status,
    headers: {
      ...(version ? { etag: etag(version), 'last-modified': lastModified(version) } : {}),
      ...(location === undefined ? {} : { location }),
      ...(warnings.length === 0 ? {} : { warning: warnings.map(warningHeader) }),
    },
    ...(text === undefined ? {} : { text }),
  };
}

function lastModified({ lastUpdated }: { readonly lastUpdated: Date }): string {
  return lastUpdated.toUTCString();
}

function criteriaIn(query: QueryParams): string | undefined {
  const picking = Object.entries(query).filter(([name]) => !FORMAT.has(name));
  return queryStringOf(Object.fromEntries(picking));
}
