import type { Search } from '../search/search-query.js';
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

/** The criteria as the search that they are. @throws BadRequest 400 for what cannot pick a resource */
export function criteriaSearch({ type, queryString }: Criteria): Search {
  return type.interactions.parseCriteria(readEntryQuery(queryString));
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
  const { type, queryString } = criteria;
  const search = type.interactions.within(transaction).parseCriteria(readEntryQuery(queryString));
  const { matches } = await search.run();
  if (matches.length <= 1) return matches[0];
  throw new ConditionNotMet(
    'conflict',
    `Several resources match ${criteriaKey(criteria).slice(0, 200)}`,
  );
}
