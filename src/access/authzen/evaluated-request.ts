import { bodyOf } from '../../interactions/formats/json.js';
import { prune, type AccessRequest } from '../../policy/access-request.js';
import {
  isArray,
  isObject,
  own,
  ownString,
  type Json,
  type JsonObject,
} from '../../policy/json.js';
import { inFamilyFormat } from '../family-format.js';
import type { Headers } from '../http/headers.js';
import { redactHeaders } from '../http/redact-headers.js';
import type { EvaluatedSubject } from './evaluated-subject.js';
import type { EvaluatedTarget } from './evaluated-target.js';
import type { Evaluation } from './evaluation.js';

/**
 * The request object of an evaluation: that of the request which it asks about, as far as it can be told,
 * and beside it the evaluation itself as `evaluation`, which no request has that really arrives.
 *
 * Who asks and what is asked for come of subject, action and resource alone. Of the context, the members
 * that bear the name of another part of the request object stand for it if they are of its kind.
 */
export function evaluatedRequest(
  evaluation: Evaluation,
  target: EvaluatedTarget,
  { user, roles, client }: EvaluatedSubject,
): AccessRequest {
  const context = evaluation.context ?? {};
  const role: Json = [...roles];
  const pruned = prune({
    ...surroundings(context),
    ...bodyParts(context, target),
    'request-method': target.method ?? null,
    uri: target.path ?? null,
    'query-string': target.queryString ?? null,
    params: { ...freeParameters(context), ...target.params },
    operation: target.operation === undefined ? null : { id: target.operation },
    user: user ?? null,
    role,
    session: { role },
    client: client ?? null,
    evaluation: { ...evaluation } as unknown as Json,
  });
  return isObject(pruned) ? pruned : {};
}

function surroundings(context: JsonObject): Record<string, Json> {
  const headers = own(context, 'headers');
  const claims = (name: string): Json => {
    const value = own(context, name);
    return isObject(value) ? value : null;
  };
  return {
    scheme: ownString(context, 'scheme') ?? null,
    'remote-addr': ownString(context, 'remote-addr') ?? null,
    headers: isObject(headers) ? redactHeaders(readHeaders(headers)) : null,
    jwt: claims('jwt'),
    token: claims('token'),
  };
}

/** Header values are texts; what is none is no header. */
function readHeaders(headers: JsonObject): Headers {
  const entries = Object.entries(headers).flatMap(
    ([name, value]): [string, string | string[]][] => {
      if (typeof value === 'string') return [[name, value]];
      const isList = isArray(value) && value.every((item) => typeof item === 'string');
      return isList ? [[name, value.map(String)]] : [];
    },
  );
  return Object.fromEntries(entries);
}

/** One body under both names, in the form in which the route would show it. */
function bodyParts(context: JsonObject, target: EvaluatedTarget): Record<string, Json> {
  const body = own(context, 'body');
  if (body === undefined) return {};
  const family = target.path === undefined || target.path.startsWith('/fhir') ? 'fhir' : 'plain';
  const type = ownString(target.params, 'resource/type');
  const seen = target.method === 'patch' ? body : inFamilyFormat(bodyOf(body), family, type);
  return { body: seen, resource: seen };
}

/** Names with a slash belong to the route alone. */
function freeParameters(context: JsonObject): JsonObject {
  const params = own(context, 'params');
  if (!isObject(params)) return {};
  return Object.fromEntries(Object.entries(params).filter(([name]) => !name.includes('/')));
}
