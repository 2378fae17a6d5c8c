import { NotFound } from '../../errors/fhir-error.js';
import { broughtId, resourceOfType } from '../../fhir/resource-of-type.js';
import { RESOURCE_TYPES } from '../../fhir/resource-types.js';
import {
  isExactObject,
  parseExact,
  stringifyExact,
} from '../../interactions/formats/exact-json.js';
import { isJsonObject, type Json, type ParsedBody } from '../../interactions/formats/json.js';
import { returnPreference } from '../../interactions/http/answer.js';
import {
  requiredBody,
  type InteractionRequest,
} from '../../interactions/http/interaction-request.js';
import { refuseUnusedParameters } from '../../interactions/http/unused-parameters.js';
import { patchKind, type PatchKind } from '../../interactions/patch/apply-patch.js';
import { ReferenceForms } from '../../interactions/references/reference-forms.js';
import { assertResourceId } from '../../interactions/resource-id.js';
import { acceptedCodings } from '../passing/accepted-codings.js';
import type { Passage } from '../passing/passage.js';
import { entityTags } from './entity-tags.js';
import { assertLiteralReferences } from './literal-references.js';
import type { UpstreamRequest } from '../upstream/upstream.js';

const REFERENCES = new ReferenceForms({});
const FHIR_JSON = 'application/fhir+json; charset=utf-8';

/** Which resource a request addresses. */
export interface Address {
  readonly type: string;
  readonly id: string;
}

/** @throws NotFound 404 for what is no R4 type; system resources are none, and never in the upstream. */
export function assertClinical(type: string): void {
  if (RESOURCE_TYPES.has(type)) return;
  throw new NotFound('There is no such route, or not with this method');
}

/** A read, or a vread of the version; its answer may come compressed. */
export function readRequest(
  { type, id }: Address,
  passage: Passage,
  version?: string,
): UpstreamRequest {
  const { request, method } = passage;
  assertInstance({ type, id });
  refuseUnusedParameters(request.query);
  if (version !== undefined) assertResourceId(version, type);
  const path = version === undefined ? [type, id] : [type, id, '_history', version];
  const { ifModifiedSince } = request;
  const headers = {
    ...preconditions(request),
    ...(ifModifiedSince === undefined ? {} : { 'if-modified-since': ifModifiedSince }),
    ...acceptedCodings(passage),
  };
  return { method: method === 'HEAD' ? 'HEAD' : 'GET', path, query: [], headers };
}

/** A create, without `If-None-Exist`. */
export function createRequest(type: string, request: InteractionRequest): UpstreamRequest {
  assertClinical(type);
  refuseUnusedParameters(request.query);
  const body = resourceText(requiredBody(request), type);
  const headers = { ...preconditions(request), 'content-type': FHIR_JSON };
  return { method: 'POST', path: [type], query: [], headers, body };
}

/** An update of the resource that the URL names. */
export function updateRequest({ type, id }: Address, request: InteractionRequest): UpstreamRequest {
  assertInstance({ type, id });
  refuseUnusedParameters(request.query);
  const body = resourceText(requiredBody(request), type, id);
  const headers = { ...preconditions(request), 'content-type': FHIR_JSON };
  return { method: 'PUT', path: [type, id], query: [], headers, body };
}

/** Media types of patches, whatever they were called. */
const PATCH_TYPES: Readonly<Record<PatchKind, string>> = {
  'json-patch': 'application/json-patch+json',
  'merge-patch': 'application/merge-patch+json',
  'path-patch': FHIR_JSON,
};

/** What a patch is sent as. @throws FhirError 400 or 415 for what is no patch that is read */
export function patchType(patch: Json, contentType: string | undefined): string {
  return PATCH_TYPES[patchKind(patch, contentType)];
}

/** A patch of any kind; whether it knows FHIRPath Patch is for the upstream to say. */
export function patchRequest({ type, id }: Address, request: InteractionRequest): UpstreamRequest {
  assertInstance({ type, id });
  refuseUnusedParameters(request.query);
  const { value, text } = requiredBody(request);
  assertLiteralReferences(value, true);
  const contentType = patchType(value, request.contentType);
  const headers = { ...preconditions(request), 'content-type': contentType };
  return { method: 'PATCH', path: [type, id], query: [], headers, body: text };
}

/** A delete; a body that came along was decided with, and is not sent. */
export function deleteRequest({ type, id }: Address, request: InteractionRequest): UpstreamRequest {
  assertInstance({ type, id });
  refuseUnusedParameters(request.query);
  return { method: 'DELETE', path: [type, id], query: [], headers: preconditions(request) };
}

/**
 * The preconditions and preferences of a request, as headers for the upstream.
 *
 * @param criteria `with` where it may search, and is to refuse what it does not understand: a policy may have
 * been satisfied by it (FHIR R4, Search §3.1.1.3.2)
 * @throws BadRequest 400 for preconditions that are no entity tags
 */
export function preconditions(
  { ifMatch, ifNoneMatch, prefer }: Pick<InteractionRequest, 'ifMatch' | 'ifNoneMatch' | 'prefer'>,
  criteria: 'with' | 'without' = 'without',
): Record<string, string> {
  // Made anew: `respond-async`, for one, would have the upstream answer elsewhere.
  const preferences = [
    ...(prefer === undefined ? [] : [`return=${returnPreference(prefer)}`]),
    ...(criteria === 'with' ? ['handling=strict'] : []),
  ];
  return {
    ...(ifMatch === undefined ? {} : { 'if-match': entityTags(ifMatch) }),
    ...(ifNoneMatch === undefined ? {} : { 'if-none-match': entityTags(ifNoneMatch) }),
    ...(preferences.length === 0 ? {} : { prefer: preferences.join(', ') }),
  };
}

/**
 * A resource as it is sent: the one that policies saw, its references in FHIR's form, numbers as written.
 *
 * @throws BadRequest 400 for what is no object, or another resource than the URL says: policies decided by
 * the URL, and some servers go by the body
 */
export function resourceText(body: ParsedBody, type: string, id?: string): string {
  const resource = resourceOfType(body.value, type);
  const given = id === undefined ? undefined : broughtId(resource, type, id);
  const { text, value: written } = REFERENCES.toFhirForm(body, type);
  assertLiteralReferences(written, false);
  // An update names its resource in the body as well (FHIR R4, RESTful API §3.1.0.4).
  if (given === undefined && id !== undefined) return namedFirst(text, id);
  return isNamedFirst(written) ? text : namedFirst(text);
}

function assertInstance({ type, id }: Address): void {
  assertClinical(type);
  assertResourceId(id, type);
}

/** Whether type and id come before what may be large. */
function isNamedFirst(resource: Json): boolean {
  if (!isJsonObject(resource)) return true;
  const [first, second] = Object.keys(resource);
  return first === 'resourceType' && (second === 'id' || !Object.hasOwn(resource, 'id'));
}

/** Some servers keep the order, and what says late what it is has to be kept whole when it is answered. */
function namedFirst(text: string, givenId?: string): string {
  const resource = parseExact(text);
  if (!isExactObject(resource)) return text;
  const { resourceType, id = givenId, ...others } = resource;
  return stringifyExact({
    ...(resourceType === undefined ? {} : { resourceType }),
    ...(id === undefined ? {} : { id }),
    ...others,
  });
}
