import { NotFound } from '../../errors/fhir-error.js';
import type { ParsedBody } from '../../interactions/formats/json.js';
import type { InteractionRequest } from '../../interactions/http/interaction-request.js';
import { assertResourceId } from '../../interactions/resource-id.js';
import { parseCount } from '../../interactions/search/parse-search.js';
import { parsePeriod } from '../../interactions/search/period.js';
import type { UpstreamRequest } from '../upstream/upstream.js';
import { assertClinical } from './instance-requests.js';
import { assertLiteralReferences } from './literal-references.js';
import { searchPairs } from './search-requests.js';

const FHIR_JSON = 'application/fhir+json; charset=utf-8';
/** Those that are decided by more than their name, which no other route leads around. */
const DECIDED: ReadonlySet<string> = new Set(['everything', 'export', 'validate']);
const NAME = /^[A-Za-z][A-Za-z0-9-]{0,62}$/;

/** What the values of `$everything`'s parameters are, beside `_type`. */
const EVERYTHING: ReadonlyMap<string, (value: string) => unknown> = new Map<
  string,
  (value: string) => unknown
>([
  ['_count', parseCount],
  ['_since', parsePeriod],
  ['end', parsePeriod],
  ['start', parsePeriod],
]);

/** The types whose `$everything` is passed. */
export const EVERYTHING_TYPES: ReadonlySet<string> = new Set(['Patient', 'Encounter']);

/** What an operation is called on: the server, a type, or a resource. */
export interface OperationTarget {
  readonly type?: string | undefined;
  readonly id?: string | undefined;
}

/**
 * An operation that the operator of Wardgate has named, for the upstream.
 *
 * @param known names as WARDGATE_UPSTREAM_OPERATIONS lists them, without `$`
 * @throws NotFound 404 for any other: what it does is not known here
 * @throws BadRequest 400 for references by criteria, which the upstream may resolve
 */
export function operationRequest(
  target: OperationTarget,
  name: string,
  { query, body }: Pick<InteractionRequest, 'query' | 'body'>,
  method: 'GET' | 'POST',
  known: readonly string[],
): UpstreamRequest {
  if (!NAME.test(name) || !known.includes(name) || DECIDED.has(name)) {
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
 * @param parameters as `everythingParameters()` has read them
 * @throws NotFound 404 for other types, BadRequest 400 for a value that cannot be read
 */
export function everythingRequest(
  target: OperationTarget,
  parameters: Readonly<Record<string, string>>,
): UpstreamRequest {
  if (target.type === undefined || !EVERYTHING_TYPES.has(target.type)) {
    throw new NotFound('There is no such route, or not with this method');
  }
  const pairs = searchPairs(parameters);
  for (const [name, value] of pairs) EVERYTHING.get(name)?.(value);
  const path = [...targetPath(target), '$everything'];
  return { method: 'GET', path, query: pairs, headers: { prefer: 'handling=strict' } };
}

/** `$validate` of what was read as such. @throws BadRequest 400 for references by criteria */
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
  assertLiteralReferences(body.value, false);
  return { headers: { 'content-type': FHIR_JSON }, body: body.text };
}
