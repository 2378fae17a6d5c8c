import { BadRequest } from '../../errors/fhir-error.js';
import type { BundleEntry } from '../../interactions/bundle/bundle-entry.js';
import { readEntryQuery } from '../../interactions/bundle/entry-address.js';
import type { ResolvedReferences } from '../../interactions/bundle/bundle-references.js';
import type { Criteria } from '../../interactions/bundle/criteria.js';
import type { ParsedBody } from '../../interactions/formats/json.js';
import type { InteractionRequest } from '../../interactions/http/interaction-request.js';
import { resourceAnswer, type ExpectedAnswer } from '../checking/expected-answer.js';
import { criteriaOf } from '../checking/self-link.js';
import type { UpstreamRequest } from '../upstream/upstream.js';
import { entityTags } from './entity-tags.js';
import { isTemporary } from './known-references.js';
import { patchType, preconditions, resourceText } from './instance-requests.js';
import { assertLiteralReferences } from './literal-references.js';
import { encodedPairs, pairsOf, type QueryPair } from './query-pairs.js';
import { historyPairs, searchPairs } from './search-requests.js';

const FHIR_JSON = 'application/fhir+json; charset=utf-8';

/**
 * An entry whose target is known as a request of its own.
 *
 * @param content what it writes: the resource or the patch document
 */
export function requestOfEntry(
  entry: BundleEntry,
  content: ParsedBody | undefined,
  { prefer }: Pick<InteractionRequest, 'prefer'>,
): UpstreamRequest {
  const { method, ifMatch, ifNoneMatch, ifNoneExist } = entry;
  const { path, query } = addressOf(entry);
  return {
    method,
    path,
    query,
    headers: {
      ...preconditions(
        { ifMatch, ifNoneMatch, prefer },
        ifNoneExist === undefined ? 'without' : 'with',
      ),
      ...(ifNoneExist === undefined ? {} : { 'if-none-exist': criteriaText(ifNoneExist) }),
      ...(content === undefined ? {} : { 'content-type': contentType(entry, content) }),
    },
    ...(content === undefined ? {} : { body: contentText(entry, content) }),
  };
}

/**
 * An entry whose target is known as JSON text of `Bundle.entry`: nothing but what was understood of it. Its
 * `fullUrl` goes along only where it is that of something new, since others are replaced in references.
 *
 * @param content what it writes: the resource or the patch document
 * @param known what the references of the Bundle lead to
 * @throws BadRequest 400 for a `fullUrl` of something new that is neither a URN nor a URL elsewhere,
 * preconditions that are no entity tags, and references by criteria
 */
export function elementOfEntry(
  entry: BundleEntry,
  content: ParsedBody | undefined,
  known: Pick<ResolvedReferences, 'byFullUrl'>,
): string {
  const { method, ifMatch, ifNoneMatch, ifNoneExist } = entry;
  const fullUrl = method === 'POST' ? temporaryUrl(entry, known) : undefined;
  const { path, query } = addressOf(entry);
  const text = encodedPairs(query);
  const request = JSON.stringify({
    method,
    url: text === '' ? path.join('/') : `${path.join('/')}?${text}`,
    // HAPI takes that of a patch for criteria; it was looked at before (`checkPreconditions`).
    ifMatch: entityTags(method === 'PATCH' ? undefined : ifMatch),
    ifNoneMatch: entityTags(ifNoneMatch),
    ifNoneExist: ifNoneExist && criteriaText(ifNoneExist),
  });
  return [
    '{',
    fullUrl === undefined ? '' : `"fullUrl":${JSON.stringify(fullUrl)},`,
    content === undefined ? '' : `"resource":${elementResource(entry, content)},`,
    `"request":${request}}`,
  ].join('');
}

/**
 * What an entry whose target is known is to be answered with, as the same request would be by itself.
 *
 * @param orOutcome whether it may be refused, which by itself has a status of its own
 */
export function expectedOfEntry(
  { method, type, address }: BundleEntry,
  orOutcome: boolean,
): ExpectedAnswer {
  const { id, vid, isHistory, query } = address;
  if (method === 'GET' && isHistory && vid === undefined) {
    return { kind: 'history', types: [type.name], id, orOutcome };
  }
  if (method === 'GET' && id === undefined) {
    const { included } = type.interactions.parseSearch(query);
    const criteria = criteriaOf(query);
    return { kind: 'searchset', types: [type.name], included, criteria, orOutcome };
  }
  return resourceAnswer(method, type.name, id);
}

/** From any other, upstreams take a type and an id, and have references to those lead to what is new. */
function temporaryUrl(
  { fullUrl }: BundleEntry,
  { byFullUrl }: Pick<ResolvedReferences, 'byFullUrl'>,
): string | undefined {
  if (fullUrl === undefined || isTemporary(fullUrl)) return fullUrl;
  const known = byFullUrl.get(fullUrl);
  // What a condition has found is referred to by its own address.
  if (known !== undefined) return isTemporary(known) ? known : undefined;
  throw new BadRequest(
    'The fullUrl of something new is urn:uuid:…, urn:oid:…, or the URL of a resource elsewhere here',
    'value',
  );
}

function addressOf({ method, address, target }: BundleEntry): {
  readonly path: readonly string[];
  readonly query: readonly QueryPair[];
} {
  if (target) throw new Error('An entry is sent whose target is not known');
  const { type, id, vid, isHistory, query } = address;
  const path = [type, id, isHistory ? '_history' : undefined, vid].filter((it) => it !== undefined);
  if (method !== 'GET' || vid !== undefined) return { path, query: [] };
  if (isHistory) return { path, query: historyPairs(query) };
  return { path, query: id === undefined ? searchPairs(query) : [] };
}

function criteriaText({ queryString }: Criteria): string {
  return encodedPairs(pairsOf(readEntryQuery(queryString)));
}

function contentType({ method, patch }: BundleEntry, { value }: ParsedBody): string {
  return method === 'PATCH' ? patchType(value, patch?.contentType) : FHIR_JSON;
}

/** FHIR R4, RESTful API §3.1.0.11.1: a patch travels as a Binary, unless it is a resource itself. */
function elementResource(entry: BundleEntry, content: ParsedBody): string {
  const text = contentText(entry, content);
  if (!entry.patch) return text;
  const data = Buffer.from(text).toString('base64');
  const binary = { resourceType: 'Binary', contentType: contentType(entry, content), data };
  return JSON.stringify(binary);
}

function contentText({ method, type, address }: BundleEntry, content: ParsedBody): string {
  if (method !== 'PATCH') {
    return resourceText(content, type.name, method === 'PUT' ? address.id : undefined);
  }
  assertLiteralReferences(content.value, true);
  return content.text;
}
