import { RESULT_PARAMETERS, type QueryParams } from '../../interactions/search/parse-search.js';
import { pairsOf, type QueryPair } from '../requests/query-pairs.js';
import { criteriaUnknown, criteriaUnused } from './answer-mismatch.js';
import type { AskedCriteria } from './expected-answer.js';

/**
 * What of the links of answers is relied on (WARDGATE_UPSTREAM_SELF_LINK): `required` that one says what was
 * searched by, `checked` what it says where it says anything, `ignored` nothing.
 */
export type SelfLinkTrust = 'required' | 'checked' | 'ignored';

/** Those that pick nothing, and types, which are seen at the resources themselves. */
const UNCOMPARED: ReadonlySet<string> = new Set([...RESULT_PARAMETERS, '_type']);
const MAX_SHOWN = 5;
const MAX_NAME = 64;

/** The parameters of a search that narrow it. */
export function criteriaOf(
  query: QueryParams,
  compartment?: AskedCriteria['compartment'],
): AskedCriteria {
  const pairs = pairsOf(query).filter(([name]) => !UNCOMPARED.has(name));
  return compartment === undefined ? { pairs } : { pairs, compartment };
}

/** Whether a link has to say by what was searched, or may. */
export function isCompared({ pairs, compartment }: AskedCriteria, trust: SelfLinkTrust): boolean {
  return trust !== 'ignored' && (pairs.length > 0 || compartment !== undefined);
}

/**
 * @param self undefined where there is none
 * @throws UpstreamFailed 502 where a search was carried out without some of its criteria; or where nobody
 * knows, if that is required
 */
export function assertSearchedBy(
  self: string | undefined,
  criteria: AskedCriteria,
  trust: SelfLinkTrust,
): void {
  if (!isCompared(criteria, trust)) return;
  // Some servers name no parameter where they were sent a form.
  if (trust === 'checked' && (self === undefined || pairsIn(self).length === 0)) return;
  if (self === undefined) throw criteriaUnknown();
  const unused = unusedCriteria(self, criteria);
  if (unused.length > 0) throw criteriaUnused(unused);
}

/**
 * Names of what a server did not search by, as its `self` link has it (FHIR R4, Search, Server Conformance): it names
 * the parameters that were used, in any order and spelling, with others beside them. Values are not compared,
 * since servers write them in their own way.
 *
 * @param self of any base, or relative
 */
export function unusedCriteria(
  self: string,
  { pairs, compartment }: AskedCriteria,
): readonly string[] {
  const used = pairsIn(self);
  const unused = [...timesByName(distinct(pairs))]
    .filter(([name, times]) => (timesByName(used).get(name) ?? 0) < times)
    .map(([name]) => name.slice(0, MAX_NAME));
  const isOutside = compartment !== undefined && !namesCompartment(self, used, pairs, compartment);
  const all = isOutside ? [`${compartment.type}/${compartment.id}`, ...unused] : unused;
  return all.slice(0, MAX_SHOWN);
}

/**
 * In the path, or as the only value of a parameter by which resources belong to the compartment: of the parameter itself,
 * neither of a chain nor with a modifier other than the type. Of one that the caller sent it counts as `Type/id` only:
 * a mere id may be that of another type, and a URL that of a resource elsewhere.
 */
function namesCompartment(
  self: string,
  used: readonly QueryPair[],
  sent: readonly QueryPair[],
  { type, id, parameters }: NonNullable<AskedCriteria['compartment']>,
): boolean {
  const reference = `${type}/${id}`;
  if (`/${beforeQuery(self)}/`.includes(`/${reference}/`)) return true;
  return parameters.some((parameter) => {
    const isOf = ([name]: QueryPair): boolean =>
      name === parameter || name === `${parameter}:${type}`;
    const isSent = sent.some(isOf);
    return used.filter(isOf).some(([, value]) => {
      if (value === reference) return true;
      const isNamed = value === id || value.endsWith(`/${reference}`);
      return isNamed && !isSent && !value.includes(',');
    });
  });
}

function beforeQuery(url: string): string {
  return url.split(/[?#]/, 1).join('');
}

/** Those with a value. */
function pairsIn(url: string): readonly QueryPair[] {
  const [withoutFragment = ''] = url.split('#', 1);
  const question = withoutFragment.indexOf('?');
  if (question < 0) return [];
  const params = new URLSearchParams(withoutFragment.slice(question + 1));
  return [...params].filter(([, value]) => value !== '');
}

function distinct(pairs: readonly QueryPair[]): readonly QueryPair[] {
  return [...new Map(pairs.map((pair) => [JSON.stringify(pair), pair])).values()];
}

function timesByName(pairs: readonly QueryPair[]): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const [name] of pairs) times.set(name, (times.get(name) ?? 0) + 1);
  return times;
}
