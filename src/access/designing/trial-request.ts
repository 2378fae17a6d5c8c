import { FhirError } from '../../errors/fhir-error.js';
import { parseJwt } from '../../introspection/jwt/jwt.js';
import {
  isArray,
  isObject,
  own,
  ownString,
  type Json,
  type JsonObject,
} from '../../policy/json.js';
import { canonicalPath } from '../http/canonical-path.js';
import { readParams, type Params } from '../../interactions/http/query-params.js';
import type { Headers } from '../http/headers.js';
import { redactHeaders } from '../http/redact-headers.js';
import { invalidInput } from './invalid-input.js';

/** Method, path and query of a request that is only thought of. */
export interface TrialTarget {
  /** Lower case. */
  readonly method: string;
  /** Canonical. */
  readonly path: string | undefined;
  readonly queryString: string | undefined;
  readonly params: Params;
}

const METHOD = /^[A-Za-z]{1,16}$/;
const BEARER = /^bearer +(\S+)$/i;

/**
 * Reads where a request would go. The query may stand in `uri` or in `query-string`.
 *
 * @throws InvalidResource 422 for what no request could have.
 */
export function trialTarget(request: JsonObject): TrialTarget {
  const method = text(request, 'request-method') ?? 'get';
  if (!METHOD.test(method)) throw invalidInput('request.request-method', 'is no HTTP method');
  const uri = text(request, 'uri');
  const target = uri === undefined ? undefined : asInput('uri', () => canonicalPath(uri));
  const queryString = text(request, 'query-string')?.replace(/^\?/, '') ?? target?.queryString;
  const params = asInput('query-string', () => readParams(queryString));
  return { method: method.toLowerCase(), path: target?.path, queryString, params };
}

/** Headers as policies see them, and the claims of the bearer token among them; nothing is verified. */
export function trialHeaders(request: JsonObject): { headers: Headers; jwt?: JsonObject } {
  const given = own(request, 'headers') ?? {};
  if (!isObject(given)) throw invalidInput('request.headers', 'must be an object');
  const entries = Object.entries(given).map(([name, value]): [string, string | string[]] => [
    name.toLowerCase(),
    headerValue(name, value),
  ]);
  const headers = Object.fromEntries(entries);
  const jwt = claimsOf(ownString(headers, 'authorization'));
  return { headers: redactHeaders(headers), ...(jwt ? { jwt } : {}) };
}

/** A member of the request that must be a text if it is there at all. */
export function text(request: JsonObject, name: string): string | undefined {
  const value = own(request, name);
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw invalidInput(`request.${name}`, 'must be a string');
}

function headerValue(name: string, value: Json): string | string[] {
  if (typeof value === 'string') return value;
  const isList = isArray(value) && value.every((item) => typeof item === 'string');
  if (isList) return value.map(String);
  throw invalidInput(`request.headers.${name.slice(0, 64)}`, 'must be a string, or several');
}

// A token that is no JWT says nothing by itself; what its introspection would answer is `token`.
function claimsOf(authorization: string | undefined): JsonObject | undefined {
  const [, token] = BEARER.exec(authorization?.trim() ?? '') ?? [];
  const jwt = token === undefined ? 'malformed' : parseJwt(token);
  return typeof jwt === 'string' ? undefined : jwt.claims;
}

function asInput<Read>(name: string, read: () => Read): Read {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof FhirError)) throw error;
    throw invalidInput(`request.${name}`, error.message);
  }
}
