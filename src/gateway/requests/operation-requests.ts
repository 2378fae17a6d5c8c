import { BadRequest, NotFound } from '../../errors/fhir-error.js';
import type { ParsedBody } from '../../interactions/formats/json.js';
import type { InteractionRequest } from '../../interactions/http/interaction-request.js';
import { assertResourceId } from '../../interactions/resource-id.js';
import { parseCount, single, type QueryParams } from '../../interactions/search/parse-search.js';
import { parsePeriod } from '../../interactions/search/period.js';
import type { UpstreamRequest } from '../upstream/upstream.js';
import { assertClinical } from './instance-requests.js';
import { searchPairs } from './search-requests.js';

const FHIR_JSON = 'application/fhir+json; charset=utf-8';
const NAME = /^[A-Za-z][A-Za-z0-9-]{0,62}$/;

/** Parameters of `$everything` (FHIR R4, Patient and Encounter), and what their values are. */
const EVERYTHING: Readonly<Record<string, (value: string) => unknown>> = {
  _count: parseCount,
  _since: parsePeriod,
  _type: (value) => value,
  end: parsePeriod,
  start: parsePeriod,
};

/** What an operation is called on: the server, a type, or a resource. */
export interface OperationTarget {
  readonly type?: string;
  readonly id?: string;
}

/**
 * An operation that the operator of Wardgate has named, for the upstream.
 *
 * @param known names as WARDGATE_UPSTREAM_OPERATIONS lists them, without `$`
 * @throws NotFound 404 for any other: what it does is not known here
 */
export function operationRequest(
  target: OperationTarget,
  name: string,
  { query, body }: Pick<InteractionRequest, 'query' | 'body'>,
  method: 'GET' | 'POST',
  known: readonly string[],
): UpstreamRequest {
  if (!NAME.test(name) || !known.includes(name)) {
    throw new NotFound('There is no such route, or not with this method');
  }
  return {
    method,
    path: [...targetPath(target), `$${name}`],
    query: searchPairs(query),
    ...contentOf(method === 'GET' ? undefined : body),
  };
}

/**
 * `$everything` of a patient or an encounter, or of all of them.
 *
 * @throws NotFound 404 for other types, BadRequest 400 for a parameter that it has not
 */
export function everythingRequest(target: OperationTarget, query: QueryParams): UpstreamRequest {
  if (target.type !== 'Patient' && target.type !== 'Encounter') {
    throw new NotFound('There is no such route, or not with this method');
  }
  const pairs = searchPairs(query);
  for (const [name, value] of pairs) {
    const check = Object.hasOwn(EVERYTHING, name) ? EVERYTHING[name] : undefined;
    if (!check) {
      const names = Object.keys(EVERYTHING).join(', ');
      throw new BadRequest(
        `$everything takes ${names}, not ${name.slice(0, 100)}`,
        'not-supported',
      );
    }
    single(name, query[name] ?? []);
    check(value);
  }
  const path = [...targetPath(target), '$everything'];
  return { method: 'GET', path, query: pairs, headers: { prefer: 'handling=strict' } };
}

/** `$validate` of what was read as such. */
export function validateRequest(
  target: OperationTarget,
  { query, body }: Pick<InteractionRequest, 'query' | 'body'>,
): UpstreamRequest {
  const path = [...targetPath(target), '$validate'];
  return { method: 'POST', path, query: searchPairs(query), ...contentOf(body) };
}

function targetPath({ type, id }: OperationTarget): readonly string[] {
  if (type === undefined) return [];
  assertClinical(type);
  if (id === undefined) return [type];
  assertResourceId(id, type);
  return [type, id];
}

function contentOf(body: ParsedBody | undefined): Pick<UpstreamRequest, 'headers' | 'body'> {
  if (!body) return { headers: {} };
  return { headers: { 'content-type': FHIR_JSON }, body: body.text };
}
