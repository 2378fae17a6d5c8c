import { BadRequest } from '../../errors/fhir-error.js';
import type { SearchQuery } from '../search/search-query.js';
import type { LiveVersion } from '../storage/stored-version.js';
import type { Transaction } from '../storage/transaction.js';
import { ConditionNotMet } from './bundle-errors.js';
import type { BundledType } from './bundle-types.js';
import { readEntryQuery } from './entry-address.js';
import type { EntryRequest } from './entry-authorizer.js';

/** A search that picks one resource: the criteria of a conditional reference or of `ifNoneExist`. */
export interface Criteria {
  readonly type: BundledType;
  readonly queryString: string;
}

/** Parameters that shape an answer; none of them can pick a resource. */
const SHAPING: ReadonlySet<string> = new Set(['_format', '_pretty', '_count', '_after']);

/** The criteria as one text, by which equal ones are recognised. */
export function criteriaKey({ type, queryString }: Criteria): string {
  return `${type.name}?${queryString}`;
}

/** The search that the criteria amount to, as the policies are asked about it. */
export function criteriaRequest({ type, queryString }: Criteria): EntryRequest {
  return {
    method: 'get',
    path: `/fhir/${type.name}`,
    queryString,
    query: readEntryQuery(queryString),
    routeParams: { type: type.name },
    operation: 'FhirSearch',
    isSystem: type.isSystem,
    body: undefined,
  };
}

/**
 * The one resource that meets the criteria, as the transaction sees it; `undefined` if none does.
 *
 * @throws BadRequest 400 for a parameter that is not supported, and for criteria without any.
 * @throws ConditionNotMet 412 if several do.
 */
export async function findOne(
  criteria: Criteria,
  transaction: Transaction,
): Promise<LiveVersion | undefined> {
  const search = searchOf(criteria);
  const { matches } = await criteria.type.interactions.within(transaction).search(search);
  if (matches.length <= 1) return matches[0];
  throw new ConditionNotMet(
    'conflict',
    `Several resources match ${criteriaKey(criteria).slice(0, 200)}`,
  );
}

function searchOf({ type, queryString }: Criteria): SearchQuery {
  const query = readEntryQuery(queryString);
  const shaping = Object.keys(query).find((name) => SHAPING.has(name));
  if (shaping !== undefined || Object.keys(query).length === 0) {
    throw new BadRequest('Criteria take one search parameter at least, and none for paging');
  }
  return { ...type.interactions.parseSearch(query), count: 2, after: undefined };
}
