import { BadRequest } from '../../errors/fhir-error.js';

/** `W/"3"`, `"3"`, and the bare `3` that clients of this resource model send; without what begins a query. */
const TAG = String.raw`[ \t]*(?:(?:W/)?"[!\x23-\x3e\x40-\x7e]*"|\d{1,15})[ \t]*`;
const ENTITY_TAGS = new RegExp(String.raw`^(?:\*|${TAG}(?:,${TAG})*)$`);

/**
 * A precondition for the upstream (RFC 9110 §13.1): `*`, or versions. Some servers take anything else in an
 * entry of a Bundle for criteria.
 *
 * @throws BadRequest 400 for anything else
 */
export function entityTags<T extends string | undefined>(given: T): T {
  if (given === undefined || ENTITY_TAGS.test(given)) return given;
  throw new BadRequest('If-Match and If-None-Match take version ids such as W/"3"', 'value');
}
