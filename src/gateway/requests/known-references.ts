import type { BundleEntry } from '../../interactions/bundle/bundle-entry.js';
import { ConditionNotMet } from '../../interactions/bundle/bundle-errors.js';
import { targetsOf, type ResolvedReferences } from '../../interactions/bundle/bundle-references.js';
import { criteriaKey } from '../../interactions/bundle/criteria.js';
import {
  isExactObject,
  parseExact,
  stringifyExact,
  type ExactJson,
} from '../../interactions/formats/exact-json.js';
import type { Json, ParsedBody } from '../../interactions/formats/json.js';
import { rewriteReferences } from '../../interactions/bundle/rewrite-references.js';
import type { Lookup } from './upstream-lookup.js';

/**
 * Looks up where the references of entries lead that name what exists: conditional ones, and those by the
 * `fullUrl` of what is changed or found. References to what is new are left to the upstream.
 *
 * @param entries whose targets are known, and whose criteria were decided
 * @throws FhirError 412 where a conditional reference matches none or several
 */
export async function knownReferences(
  entries: readonly BundleEntry[],
  lookup: Lookup,
): Promise<ResolvedReferences> {
  const byFullUrl = new Map<string, string>();
  const byCondition = new Map<string, string>();
  for (const { fullUrl, type, address, ifNoneExist, conditionalReferences } of entries) {
    const existing = ifNoneExist && (await lookup.find(ifNoneExist));
    const id = address.id ?? existing?.id;
    if (fullUrl !== undefined && id !== undefined) byFullUrl.set(fullUrl, `${type.name}/${id}`);
    for (const [reference, criteria] of conditionalReferences) {
      const found = await lookup.find(criteria);
      if (!found) {
        const key = criteriaKey(criteria).slice(0, 200);
        throw new ConditionNotMet('not-found', `No resource matches the reference ${key}`);
      }
      byCondition.set(reference, `${criteria.type.name}/${found.id}`);
    }
  }
  return { byFullUrl, byCondition };
}

/**
 * What the entry writes, its references leading where they are known to lead. What a POST brings has no id:
 * the upstream chooses one, and may have references to the one that was brought lead to what it chose.
 *
 * @param resource of the entry, numbers as they were written
 */
export function contentOfEntry(
  { fullUrl, method, patch, resource: value }: BundleEntry,
  resource: ExactJson | undefined,
  known: ResolvedReferences,
): ParsedBody | undefined {
  const given = patch ? parseExact(patch.body.text) : resource;
  if (value === undefined || given === undefined) return undefined;
  const sent = method === 'POST' ? withoutId(given) : given;
  if (sent === given && known.byFullUrl.size + known.byCondition.size === 0) {
    return patch?.body ?? { value, text: stringifyExact(sent) };
  }
  const text = stringifyExact(rewriteReferences(sent, targetsOf({ fullUrl }, known)));
  return { text, value: JSON.parse(text) as Json };
}

function withoutId(resource: ExactJson): ExactJson {
  if (!isExactObject(resource) || !Object.hasOwn(resource, 'id')) return resource;
  return Object.fromEntries(Object.entries(resource).filter(([key]) => key !== 'id'));
}
