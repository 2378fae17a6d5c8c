import { randomUUID } from 'node:crypto';
import type { BundleEntry } from '../../interactions/bundle/bundle-entry.js';
import { ConditionNotMet } from '../../interactions/bundle/bundle-errors.js';
import { targetsOf, type ResolvedReferences } from '../../interactions/bundle/bundle-references.js';
import { criteriaKey, type Criteria } from '../../interactions/bundle/criteria.js';
import {
  isExactObject,
  parseExact,
  stringifyExact,
  type ExactJson,
} from '../../interactions/formats/exact-json.js';
import type { Json, ParsedBody } from '../../interactions/formats/json.js';
import { rewriteReferences } from '../../interactions/bundle/rewrite-references.js';
import type { LocalReferences } from '../../interactions/references/local-references.js';
import type { Lookup } from './upstream-lookup.js';

const TEMPORARY = /^urn:(?:uuid|oid):[\w.-]{1,128}$/;
/** Of a resource: without query and fragment. */
const ELSEWHERE = /^https?:\/\/(?:(?![?#])[!-~]){1,2000}$/;

/** Whether upstreams know a `fullUrl` for a name that holds within the Bundle only. */
export function isTemporary(fullUrl: string): boolean {
  return TEMPORARY.test(fullUrl);
}

/**
 * Finds where the references of entries lead: conditional ones, those by the `fullUrl` of what is changed or
 * found, and those by a URL elsewhere of what is new, which gets a URN in its place (FHIR R4, RESTful API
 * §3.1.0.11.2: what a create brings for its identity is that of its source). References by a URN to what is
 * new are left to the upstream.
 *
 * @param entries whose targets are known, and whose criteria were decided
 * @param ofEntry does what is done for the entry at an index, and says so where it fails
 * @throws FhirError 412 where a conditional reference matches none or several
 */
export async function knownReferences(
  entries: readonly BundleEntry[],
  lookup: Lookup,
  local: LocalReferences,
  ofEntry: (index: number, work: () => Promise<void>) => Promise<void> = (_index, work) => work(),
): Promise<ResolvedReferences> {
  const byFullUrl = new Map<string, string>();
  const byCondition = new Map<string, string>();
  for (const entry of entries) {
    await ofEntry(entry.index, async () => {
      const { fullUrl, type, address, ifNoneExist } = entry;
      const existing = ifNoneExist && (await lookup.find(ifNoneExist));
      const id = address.id ?? existing?.id;
      const known = id === undefined ? newName(entry, local) : `${type.name}/${id}`;
      if (fullUrl !== undefined && known !== undefined) byFullUrl.set(fullUrl, known);
      for (const [reference, criteria] of entry.conditionalReferences) {
        byCondition.set(reference, await leadingTo(criteria, lookup));
      }
    });
  }
  return { byFullUrl, byCondition };
}

/** @throws FhirError 412 where it matches none or several */
async function leadingTo(criteria: Criteria, lookup: Lookup): Promise<string> {
  const found = await lookup.find(criteria);
  if (found) return `${criteria.type.name}/${found.id}`;
  const key = criteriaKey(criteria).slice(0, 200);
  throw new ConditionNotMet('not-found', `No resource matches the reference ${key}`);
}

/** Within the Bundle, of something new. What is below a base of this server may exist here, and names that. */
function newName(
  { method, fullUrl = '' }: BundleEntry,
  local: LocalReferences,
): string | undefined {
  if (method !== 'POST' || !ELSEWHERE.test(fullUrl) || local.isLocal(fullUrl)) return undefined;
  return `urn:uuid:${randomUUID()}`;
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
  local: LocalReferences,
): ParsedBody | undefined {
  const given = patch ? parseExact(patch.body.text) : resource;
  if (value === undefined || given === undefined) return undefined;
  const brought = method === 'POST' ? withoutId(given) : given;
  const isRewritten = known.byFullUrl.size + known.byCondition.size > 0;
  const rewritten = isRewritten
    ? rewriteReferences(brought, targetsOf({ fullUrl }, known))
    : brought;
  const sent = local.inContent(rewritten, method === 'PATCH' ? 'patch' : 'resource');
  if (sent === given) return patch?.body ?? { value, text: stringifyExact(sent) };
  const text = stringifyExact(sent);
  return { text, value: JSON.parse(text) as Json };
}

function withoutId(resource: ExactJson): ExactJson {
  if (!isExactObject(resource) || !Object.hasOwn(resource, 'id')) return resource;
  return Object.fromEntries(Object.entries(resource).filter(([key]) => key !== 'id'));
}
