import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { BadRequest } from '../../errors/fhir-error.js';
import {
  refusalOfEntry,
  statedId,
  type BundleEntry,
} from '../../interactions/bundle/bundle-entry.js';
import { BundleTypes } from '../../interactions/bundle/bundle-types.js';
import {
  conditionalEntry,
  type ConditionalMethod,
} from '../../interactions/bundle/conditional-entry.js';
import {
  EntryAuthorizer,
  type EntryDecisions,
} from '../../interactions/bundle/entry-authorizer.js';
import { resolvedEntry } from '../../interactions/bundle/resolve-target.js';
import type { Answer } from '../../interactions/http/answer.js';
import {
  checkPreconditionsOf as checkPreconditionsOfVersion,
  type Preconditions,
} from '../../interactions/http/preconditions.js';
import { addressedResource } from '../checking/expected-answer.js';
import type { Passage } from '../passing/passage.js';
import { checkPreconditions } from './checked-preconditions.js';
import { Passing } from '../passing/passing.js';
import { ResourceLinks } from '../rewriting/resource-links.js';
import { CreatedMeanwhile, isNothingCreated } from './created-meanwhile.js';
import { requestOfEntry } from './entry-requests.js';
import { assertClinical } from './instance-requests.js';
import { assertLiteralReferences } from './literal-references.js';
import { UpstreamLookup, type Lookup } from './upstream-lookup.js';

/**
 * Conditional writes (FHIR R4, RESTful API §3.1.0.4.3, §3.1.0.6.1, §3.1.0.7.1, §3.1.0.8.1). What the criteria
 * pick is looked up first, so that the write is decided as the change of that resource, and is sent as that:
 * the upstream is never left to pick one that nobody has decided on.
 */
@Injectable()
export class PassedWrites {
  constructor(
    private readonly types: BundleTypes,
    private readonly authorizer: EntryAuthorizer,
    private readonly lookup: UpstreamLookup,
    private readonly passing: Passing,
    private readonly links: ResourceLinks,
  ) {}

  /**
   * @param ifNoneExist the header of a create
   * @throws NotFound 404 for what is no R4 type, and where there is nothing to patch; BadRequest 400 without
   * criteria that are understood, ConditionNotMet 412 where several resources match or others create one
   * meanwhile, FhirError 403 where the caller may not search so, or not change what is found
   */
  async carryOut(
    method: ConditionalMethod,
    name: string,
    passage: Passage,
    ifNoneExist?: string,
  ): Promise<Answer> {
    assertClinical(name);
    const type = this.types.find(name);
    if (!type) throw new Error(`${name} is served and cannot be addressed`);
    const { request } = passage;
    const entry = conditionalEntry(method, type, request, ifNoneExist);
    const content = method === 'DELETE' ? undefined : request.body;
    if (content) assertLiteralReferences(content.value, method === 'PATCH');
    const decisions = this.authorizer.snapshot(request);
    const refusal = await refusalOfEntry(entry, decisions);
    if (refusal) throw refusal;
    const known = await knownEntry(entry, this.lookup.for(passage), decisions);
    if (!known) return { status: 204, headers: {} };
    const sent = requestOfEntry(this.lookup.addresses.entry(known), content, request);
    const expected = addressedResource(sent);
    const answer = await this.passing.pass(sent, passage, { links: this.links, expected });
    const isCreation = method === 'PUT' && known.method === 'POST';
    if (!isCreation || !isNothingCreated(answer.status)) return answer;
    if (answer.content instanceof Readable) answer.content.destroy();
    throw new CreatedMeanwhile();
  }
}

/**
 * The entry as the change of what its criteria pick, or as the creation of something new, decided as such.
 *
 * @returns `undefined` when there is nothing to delete
 * @throws FhirError as {@link PassedWrites.carryOut} says
 */
export async function knownEntry(
  entry: BundleEntry,
  lookup: Lookup,
  decisions: EntryDecisions,
): Promise<BundleEntry | undefined> {
  const { target, ifNoneExist } = entry;
  if (!target) {
    await checkPreconditionsOf(entry, entry, lookup);
    // An upstream that passes over criteria would answer with what nobody has decided on.
    if (ifNoneExist) await lookup.find(ifNoneExist);
    return entry;
  }
  const match = await lookup.find(target);
  const resolved = resolvedEntry(entry, match);
  if (!resolved) return undefined;
  const isNew = resolved.method === 'POST';
  if (isNew && statedId(resolved) !== undefined) {
    // Sent as an update, it would replace what exists under the id and does not meet the criteria.
    throw new BadRequest(
      'Nothing matches, and something new cannot bring its id here',
      'not-supported',
      `${entry.type.name}.id`,
    );
  }
  const refusal = await refusalOfEntry(resolved, decisions);
  if (refusal) throw refusal;
  if (match?.etag !== undefined) return ofVersion(resolved, entry, match.etag);
  await checkPreconditionsOf(resolved, entry, lookup);
  // Should another have created it meanwhile, nothing is created twice.
  return isNew ? { ...resolved, ifNoneExist: target } : resolved;
}

/**
 * The change of the version that was found. The preconditions that the entry brings are compared with it here: `*`, for
 * one, would hold for any later version as well.
 *
 * @throws VersionConflict 412 where they do not hold
 */
function ofVersion(resolved: BundleEntry, { ifMatch, ifNoneMatch }: BundleEntry, etag: string) {
  checkPreconditionsOfVersion({ ifMatch, ifNoneMatch }, etag.slice('W/"'.length, -1));
  return { ...resolved, ifMatch: etag };
}

/** Those that the entry brings: what criteria have picked has been looked at just now. */
function checkPreconditionsOf(
  { method, type, address }: BundleEntry,
  preconditions: Preconditions,
  lookup: Lookup,
): Promise<void> {
  return checkPreconditions({ method, type: type.name, id: address.id }, preconditions, lookup);
}
