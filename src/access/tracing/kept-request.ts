import type { AccessRequest } from '../../policy/access-request.js';
import type { Json, JsonObject } from '../../policy/json.js';
import { redactRequest } from '../designing/redact-secrets.js';
import { excerptOf, type ExcerptLimits } from './excerpt.js';
import { sharedSize, valueSize } from './value-size.js';

/** A request object as it can be remembered. */
export interface KeptRequest {
  readonly request: AccessRequest;
  /** Members of which something was left out because they are large. */
  readonly cut: readonly string[];
  /** Whether it shares nothing with the request that came but what many requests share. */
  readonly isCopy: boolean;
  /** About what it takes in memory, in bytes. */
  readonly bytes: number;
}

/** What other requests of the same caller refer to as well, and nobody changes. */
const SHARED: ReadonlySet<string> = new Set(['user', 'role', 'client', 'jwt', 'token']);
/** What stands under another name as well, and is kept once. */
const TWINS: ReadonlySet<string> = new Set(['resource', 'session']);
/** What a question says itself, so that it is shared with nothing but its body. */
const CLAIMED: ReadonlySet<string> = new Set(['jwt', 'token']);
const MAX_SHARED_BYTES = 16_384;
const MAX_KEPT_BYTES = 65_536;
/** The request object, the decision and the trace around them. */
const FIXED_BYTES = 1_024;
/** The parameters of a query no longer than this are counted by its length. */
const SHORT_QUERY = 256;
const EXCERPT: ExcerptLimits = { nodes: 1_000, characters: 8_192 };

/**
 * A request object without anything large, and without secrets of its body.
 *
 * Most are kept as they are, which costs next to nothing. One with a body is copied as far as its bound: a
 * text that was read from a body may keep all of that body alive.
 */
export function keepRequest(request: AccessRequest): KeptRequest {
  const bytes = plainSize(request);
  // Every part of a question (AuthZEN) is read from a body.
  const isQuestion = request.evaluation !== undefined;
  if (bytes > MAX_KEPT_BYTES || isQuestion) return copied(request, Object.keys(request));
  if (request.body !== undefined) return copied(request, ['body', 'params']);
  // What a form held is in the parameters.
  if (request['request-method'] === 'post') return copied(request, ['params']);
  return { request, cut: [], isCopy: false, bytes };
}

function plainSize(request: AccessRequest): number {
  const { uri, headers, params, user, role, client, jwt, token } = request;
  const query = request['query-string'];
  let bytes = FIXED_BYTES + (uri?.length ?? 0);
  if (query !== undefined) {
    bytes += query.length <= SHORT_QUERY ? query.length * 16 : valueSize(params, MAX_KEPT_BYTES);
    bytes += query.length;
  }
  bytes += headersSize(headers);
  for (const part of [user, role, client, jwt, token]) {
    if (part === undefined) continue;
    const size = sharedSize(part, MAX_SHARED_BYTES);
    // A larger one is left out of what is kept.
    bytes += size > MAX_SHARED_BYTES ? MAX_KEPT_BYTES : size;
  }
  return bytes;
}

function headersSize(headers: JsonObject | undefined): number {
  let bytes = 0;
  for (const name in headers) {
    const value = headers[name];
    bytes += name.length + (typeof value === 'string' ? value.length : valueSize(value, 16_384));
  }
  return bytes;
}

/** @param names of the members that may be large, or may be parts of something large */
function copied(request: AccessRequest, names: readonly string[]): KeptRequest {
  const cut: string[] = [];
  const kept: Record<string, Json> = { ...request };
  for (const name of names) {
    const part = request[name];
    if (part === undefined || TWINS.has(name) || isSmallAndShared(name, part, request)) continue;
    const { value, isCut } = excerptOf(part, EXCERPT);
    kept[name] = redacted(name, value);
    if (isCut) cut.push(name);
  }
  if (request.resource !== undefined) kept['resource'] = kept['body'] ?? null;
  if (request.session) kept['session'] = { role: kept['role'] ?? [] };
  return { request: kept, cut, isCopy: true, bytes: FIXED_BYTES + copySize(kept) };
}

function isSmallAndShared(name: string, part: Json, { evaluation }: AccessRequest): boolean {
  if (evaluation !== undefined && CLAIMED.has(name)) return false;
  return SHARED.has(name) && sharedSize(part as object, MAX_SHARED_BYTES) <= MAX_SHARED_BYTES;
}

/** Secrets are not even remembered. Users, Roles and claims have none that policies could see. */
function redacted(name: string, value: Json): Json {
  return SHARED.has(name) ? value : (redactRequest({ [name]: value })[name] ?? null);
}

function copySize(kept: AccessRequest): number {
  const { body, params, evaluation } = kept;
  return [body, params, evaluation].reduce<number>(
    (size, part) => size + valueSize(part, MAX_KEPT_BYTES),
    plainSize(kept),
  );
}
