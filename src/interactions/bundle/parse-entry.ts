import { BadRequest, NotFound } from '../../errors/fhir-error.js';
import { DEFAULT_BODY_LIMITS } from '../formats/body-limits.js';
import { isJsonObject, type Json, type JsonObject } from '../formats/json.js';
import { parseJson } from '../formats/parse-json.js';
import { ConditionalNotSupported } from '../http/conditional-not-supported.js';
import type { BundleEntry, EntryMethod, EntryPatch } from './bundle-entry.js';
import type { BundledType, BundleTypes } from './bundle-types.js';
import { conditionalReferences } from './conditional-references.js';
import type { Criteria } from './criteria.js';
import { parseEntryAddress, readEntryQuery, type EntryAddress } from './entry-address.js';

const METHODS: ReadonlySet<string> = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']);
const PATCH_TYPES: ReadonlySet<string> = new Set([
  'application/json-patch+json',
  'application/merge-patch+json',
]);

/** Operations whose parameters are looked at; any other takes none. */
const WITH_PARAMETERS: ReadonlySet<string> = new Set([
  ...['FhirSearch', 'FhirHistory', 'FhirHistoryType'],
  ...['FhirConditionalUpdate', 'FhirConditionalPatch', 'FhirConditionalDelete'],
]);

/**
 * Reads one element of `Bundle.entry`; nothing is searched for and nothing decided yet.
 *
 * @throws BadRequest 400 for what an entry cannot ask for, NotFound 404 for a type that is not served.
 */
export function parseEntry(index: number, entry: Json, types: BundleTypes): BundleEntry {
  const request = isJsonObject(entry) ? own(entry, 'request') : undefined;
  if (!isJsonObject(entry) || !isJsonObject(request)) throw invalid('An entry needs a request');
  if (own(request, 'ifModifiedSince') !== undefined) {
    throw invalid('ifModifiedSince is not supported');
  }
  const method = methodOf(request);
  const address = parseEntryAddress(text(request, 'url') ?? '', types.baseUrl);
  const type = typeOf(address, types);
  const resource = resourceOf(entry, method);
  const patch = method === 'PATCH' && !isPathPatch(resource) ? patchOf(resource) : undefined;
  return {
    index,
    fullUrl: text(entry, 'fullUrl'),
    method,
    type,
    address,
    operation: checkedOperation(method, address),
    resource,
    patch,
    ifMatch: text(request, 'ifMatch'),
    ifNoneMatch: text(request, 'ifNoneMatch'),
    ifNoneExist: ifNoneExistOf(request, method, type),
    target: targetOf(method, address, type),
    conditionalReferences: referencedBy(type, patch?.body.value ?? resource, types),
  };
}

function checkedOperation(method: EntryMethod, address: EntryAddress): string {
  const operation = operationOf(method, address);
  if (WITH_PARAMETERS.has(operation) || Object.keys(address.query).length === 0) return operation;
  throw invalid(`${method} of ${address.type} takes no parameters in an entry`);
}

function methodOf(request: JsonObject): EntryMethod {
  const method = text(request, 'method') ?? '';
  if (METHODS.has(method)) return method as EntryMethod;
  throw invalid('request.method is GET, POST, PUT, PATCH or DELETE');
}

function typeOf({ type }: EntryAddress, types: BundleTypes): BundledType {
  const found = types.find(type);
  if (found) return found;
  throw new NotFound(`The type ${type} is not served here`);
}

function operationOf(method: EntryMethod, { id, vid, isHistory }: EntryAddress): string {
  if (method === 'GET') return readingOperation(id, vid, isHistory);
  if (isHistory || (method === 'POST' && id !== undefined)) {
    throw invalid(`${method} cannot be used with this URL`);
  }
  switch (method) {
    case 'POST':
      return 'FhirCreate';
    case 'PUT':
      return id === undefined ? 'FhirConditionalUpdate' : 'FhirUpdate';
    case 'PATCH':
      return id === undefined ? 'FhirConditionalPatch' : 'FhirPatch';
    case 'DELETE':
      return id === undefined ? 'FhirConditionalDelete' : 'FhirDelete';
  }
}

function readingOperation(
  id: string | undefined,
  vid: string | undefined,
  isHistory: boolean,
): string {
  if (vid !== undefined) return 'FhirVread';
  if (isHistory) return id === undefined ? 'FhirHistoryType' : 'FhirHistory';
  return id === undefined ? 'FhirSearch' : 'FhirRead';
}

function resourceOf(entry: JsonObject, method: EntryMethod): Json | undefined {
  const resource = own(entry, 'resource');
  const takesOne = method === 'POST' || method === 'PUT' || method === 'PATCH';
  if (takesOne !== (resource !== undefined)) {
    throw invalid(takesOne ? `${method} needs a resource` : `${method} takes no resource`);
  }
  if (isJsonObject(resource) && own(resource, 'resourceType') === 'Bundle') {
    throw invalid('A Bundle cannot be inside a batch or transaction');
  }
  return resource;
}

/** A FHIRPath Patch is a resource itself (FHIR R4, RESTful API §3.1.0.11.1). */
function isPathPatch(resource: Json | undefined): boolean {
  return isJsonObject(resource) && own(resource, 'resourceType') === 'Parameters';
}

/** FHIR R4, RESTful API §3.1.0.11.1: any other patch travels as a Binary with its content type. */
function patchOf(resource: Json | undefined): EntryPatch {
  const isBinary = isJsonObject(resource) && own(resource, 'resourceType') === 'Binary';
  const contentType = isBinary ? text(resource, 'contentType') : undefined;
  const data = isBinary ? text(resource, 'data') : undefined;
  if (contentType === undefined || !PATCH_TYPES.has(contentType) || data === undefined) {
    throw invalid(
      `PATCH takes Parameters, or a Binary of ${[...PATCH_TYPES].join(' or ')} with its data in base64`,
    );
  }
  const document = Buffer.from(data, 'base64').toString('utf8');
  return { body: parseJson(document, DEFAULT_BODY_LIMITS), contentType };
}

function ifNoneExistOf(
  request: JsonObject,
  method: EntryMethod,
  type: BundledType,
): Criteria | undefined {
  const given = text(request, 'ifNoneExist');
  if (given === undefined) return undefined;
  if (method !== 'POST') throw invalid('ifNoneExist is for POST');
  const queryString = given.startsWith('?') ? given.slice(1) : given;
  readEntryQuery(queryString);
  return { type, queryString };
}

/**
 * @throws BadRequest 400 for a URL that names neither a resource nor what picks one, ConditionalNotSupported
 * 501 for a system resource: who is allowed what must not hang on what a search happens to find.
 */
function targetOf(
  method: EntryMethod,
  { id, queryString }: EntryAddress,
  type: BundledType,
): Criteria | undefined {
  if (id !== undefined || method === 'GET' || method === 'POST') return undefined;
  if (type.isSystem) throw new ConditionalNotSupported('address the resource by its id');
  if (!queryString) throw invalid(`${method} needs an id, or criteria that pick the resource`);
  return { type, queryString };
}

function referencedBy(
  type: BundledType,
  content: Json | undefined,
  types: BundleTypes,
): ReadonlyMap<string, Criteria> {
  // What looks like a reference in a system resource may be a pattern of a policy.
  if (type.isSystem || content === undefined) return new Map();
  const found = new Map<string, Criteria>();
  for (const [reference, criteria] of conditionalReferences(content, types)) {
    if (!criteria) throw invalid(`${reference.slice(0, 200)} names a type that is not served here`);
    readEntryQuery(criteria.queryString);
    found.set(reference, criteria);
  }
  return found;
}

function text(object: JsonObject, name: string): string | undefined {
  const value = own(object, name);
  if (value === undefined || typeof value === 'string') return value;
  throw invalid(`${name} must be a string`);
}

function own(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function invalid(diagnostics: string): BadRequest {
  return new BadRequest(diagnostics, 'value');
}
