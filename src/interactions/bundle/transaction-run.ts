import { VersionConflict } from '../../errors/fhir-error.js';
import {
  isExactObject,
  parseExact,
  stringifyExact,
  type ExactJson,
} from '../formats/exact-json.js';
import type { Json, ParsedBody } from '../formats/json.js';
import { etag } from '../http/preconditions.js';
import type { Deadline } from '../load/deadline.js';
import { lockKeys } from '../storage/lock-keys.js';
import type { LiveVersion } from '../storage/stored-version.js';
import type { Transaction } from '../storage/transaction.js';
import { requestOf, type BundleEntry, type EntryMethod } from './bundle-entry.js';
import { ConditionNotMet, EntriesFailed, TargetChanged } from './bundle-errors.js';
import { targetsOf, type ResolvedReferences } from './bundle-references.js';
import { criteriaKey, findOne, type Criteria } from './criteria.js';
import type { EntryDecisions } from './entry-authorizer.js';
import { assertDistinct, chooseIds, writtenKey, type TakenIds } from './entry-identities.js';
import type { EntryResponse } from './entry-response.js';
import { resolvedEntry } from './resolve-target.js';
import { ResponseRoom } from './response-room.js';
import { rewriteReferences } from './rewrite-references.js';
import { existingResponse, runEntry, type EntryContext } from './run-entry.js';
import { yieldInBetween } from './yield-in-between.js';

/** What a transaction is made of. */
export interface TransactionWork {
  readonly entries: readonly BundleEntry[];
  /** Resources by position, numbers as they were written. */
  readonly resources: readonly (ExactJson | undefined)[];
  /** What is written in place of some of them, and of patches, by position. */
  readonly prepared: ReadonlyMap<number, ExactJson>;
  readonly context: EntryContext;
  readonly takenIds: TakenIds;
  readonly decisions: EntryDecisions;
  readonly room: ResponseRoom;
  /** Of all entries together. */
  readonly deadline: Deadline;
}

const NOTHING_TO_DELETE: EntryResponse = { status: 204 };

/** FHIR R4, RESTful API §3.1.0.11.2: deletes, creates, updates and patches, reads. */
const ORDER: Readonly<Record<EntryMethod, number>> = {
  DELETE: 0,
  POST: 1,
  PUT: 2,
  PATCH: 2,
  GET: 3,
};

/**
 * Carries out entries in a database transaction that is open.
 *
 * Everything conditional looks at what was there before the first write.
 * @returns the answers in the order of the entries.
 * @throws EntriesFailed with the status of the entry that failed; the transaction must be undone then.
 */
export async function runTransaction(
  work: TransactionWork,
  transaction: Transaction,
): Promise<readonly EntryResponse[]> {
  transaction.deadline = work.deadline;
  await lockKeys(transaction, keysOf(work.entries));
  const run = new TransactionRun(work, transaction);
  await run.resolveTargets();
  const preparation = await run.prepare();
  await run.decideRewritten(preparation);
  return run.responses(preparation);
}

interface Preparation extends ResolvedReferences {
  /** By position. */
  readonly ids: ReadonlyMap<number, string>;
  /** What conditional creates have found, by position. */
  readonly existing: ReadonlyMap<number, LiveVersion>;
}

class TransactionRun {
  private readonly found = new Map<string, LiveVersion | undefined>();
  /** Positions of entries that change the very version that their criteria have picked. */
  private readonly pinned = new Set<number>();
  /** With the ids of what conditional entries have found; without those that have nothing to delete. */
  private entries: readonly BundleEntry[] = [];

  constructor(
    private readonly work: TransactionWork,
    private readonly transaction: Transaction,
  ) {}

  /**
   * Finds what conditional entries are about, and decides on each as the request that it thereby is: what
   * may be found need not be what may be changed.
   */
  async resolveTargets(): Promise<void> {
    const resolved: BundleEntry[] = [];
    for (const entry of this.work.entries) {
      const target = entry.target && (await this.step(entry, () => this.resolveTarget(entry)));
      const known = entry.target ? target : entry;
      if (known) resolved.push(known);
      if (entry.target && entry.ifMatch === undefined) this.pinned.add(entry.index);
    }
    if (resolved.length > 1) assertDistinct(resolved);
    this.entries = resolved;
  }

  private async resolveTarget(entry: BundleEntry): Promise<BundleEntry | undefined> {
    const match = entry.target && (await this.find(entry.target));
    const resolved = resolvedEntry(entry, match && { id: match.id, etag: etag(match) });
    const refusal = resolved && (await this.work.decisions.refusalOf(requestOf(resolved)));
    if (refusal) throw refusal;
    return resolved;
  }

  async prepare(): Promise<Preparation> {
    const { takenIds } = this.work;
    const { entries } = this;
    const existing = new Map<number, LiveVersion>();
    const byCondition = new Map<string, string>();
    for (const entry of entries) {
      await this.step(entry, async () => {
        const match = entry.ifNoneExist && (await this.find(entry.ifNoneExist));
        if (match) existing.set(entry.index, match);
        for (const [reference, criteria] of entry.conditionalReferences) {
          byCondition.set(reference, await this.resolve(criteria));
        }
      });
    }
    const ids = await chooseIds(entries, existing, this.transaction, takenIds);
    const byFullUrl = new Map<string, string>();
    const written: string[] = [];
    for (const { index, fullUrl, method, type } of entries) {
      const id = ids.get(index);
      if (id !== undefined && method !== 'GET') written.push(`${type.name}/${id}`);
      if (fullUrl !== undefined && id !== undefined) byFullUrl.set(fullUrl, `${type.name}/${id}`);
    }
    // New ids included: one question now instead of one for each when it is written.
    await lockKeys(this.transaction, written);
    return { ids, existing, byFullUrl, byCondition };
  }

  /**
   * Decides again, before the first write, what is not written as it was sent: to whom a reference leads is
   * what policies ask for, and whoever sends a Bundle chooses the text in its place.
   */
  async decideRewritten(preparation: Preparation): Promise<void> {
    if (preparation.byFullUrl.size + preparation.byCondition.size === 0) return;
    for (const entry of this.entries) {
      await yieldInBetween(entry.index);
      if (preparation.existing.has(entry.index)) continue;
      await this.step(entry, () => this.decideIfRewritten(entry, preparation));
    }
  }

  private async decideIfRewritten(entry: BundleEntry, preparation: Preparation): Promise<void> {
    const sent = this.sentOf(entry);
    if (sent === undefined) return;
    const text = stringifyExact(rewriteReferences(sent, targetsOf(entry, preparation)));
    if (text === stringifyExact(sent)) return;
    const request = { ...requestOf(entry), body: JSON.parse(text) as Json };
    const refusal = await this.work.decisions.refusalOf(request);
    if (refusal) throw refusal;
  }

  async responses(preparation: Preparation): Promise<readonly EntryResponse[]> {
    const responses = new Map<number, EntryResponse>();
    const room = new ResponseRoom(this.work.room);
    for (const entry of inProcessingOrder(this.entries)) {
      const run = async () => room.take(await this.run(entry, preparation));
      responses.set(entry.index, await this.step(entry, run));
    }
    return this.work.entries.map(({ index }) => responses.get(index) ?? NOTHING_TO_DELETE);
  }

  private run(entry: BundleEntry, preparation: Preparation): Promise<EntryResponse> {
    const interactions = entry.type.interactions.within(this.transaction);
    const existing = preparation.existing.get(entry.index);
    if (existing) return existingResponse(existing, interactions, this.work.context);
    const body = this.bodyOf(entry, preparation);
    const answered = runEntry({ entry, interactions, body }, this.work.context);
    return this.pinned.has(entry.index) ? unlessChanged(answered) : answered;
  }

  private bodyOf(entry: BundleEntry, preparation: Preparation): ParsedBody | undefined {
    const sent = this.work.prepared.get(entry.index) ?? this.sentOf(entry);
    if (sent === undefined) return undefined;
    const rewritten = rewriteReferences(sent, targetsOf(entry, preparation));
    const id = entry.method === 'POST' ? preparation.ids.get(entry.index) : undefined;
    const resource =
      id !== undefined && isExactObject(rewritten) ? { ...rewritten, id } : rewritten;
    const text = stringifyExact(resource);
    return { text, value: JSON.parse(text) as Json };
  }

  private sentOf({ index, patch, resource }: BundleEntry): ExactJson | undefined {
    if (resource === undefined) return undefined;
    return patch ? parseExact(patch.body.text) : this.work.resources[index];
  }

  private async resolve(criteria: Criteria): Promise<string> {
    const match = await this.find(criteria);
    if (match) return `${match.type}/${match.id}`;
    const key = criteriaKey(criteria).slice(0, 200);
    throw new ConditionNotMet('not-found', `No resource matches the reference ${key}`);
  }

  /** Whatever is thrown says which entry it was about. */
  private async step<T>({ index }: BundleEntry, work: () => Promise<T>): Promise<T> {
    try {
      this.work.deadline.assertLeft();
      return await work();
    } catch (thrown) {
      throw new EntriesFailed([{ index, thrown }]);
    }
  }

  /** Hundreds of entries may refer to one practitioner, who is looked for once. */
  private async find(criteria: Criteria): Promise<LiveVersion | undefined> {
    const key = criteriaKey(criteria);
    if (!this.found.has(key)) this.found.set(key, await findOne(criteria, this.transaction));
    return this.found.get(key);
  }
}

async function unlessChanged<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    throw error instanceof VersionConflict ? new TargetChanged() : error;
  }
}

function keysOf(entries: readonly BundleEntry[]): readonly string[] {
  return entries.map(writtenKey).filter((key) => key !== undefined);
}

function inProcessingOrder(entries: readonly BundleEntry[]): readonly BundleEntry[] {
  return [...entries].sort((one, other) => ORDER[one.method] - ORDER[other.method]);
}
