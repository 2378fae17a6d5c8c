import { Injectable, Logger } from '@nestjs/common';
import { toFhirError } from '../../errors/to-fhir-error.js';
import { parseExact, type ExactJson } from '../formats/exact-json.js';
import type { ParsedBody } from '../formats/json.js';
import type { Deadline } from '../load/deadline.js';
import type { Requester } from '../resource-interactions.js';
import { AdmittedWork } from '../storage/unit-of-work.js';
import { refusalOfEntry, type BundleEntry } from './bundle-entry.js';
import { EntriesFailed } from './bundle-errors.js';
import { BundleTypes } from './bundle-types.js';
import { allUnderstood, decideEntries } from './decide-entries.js';
import type { EntryDecisions } from './entry-authorizer.js';
import { assertDistinct, type TakenIds } from './entry-identities.js';
import { failedEntry, type EntryResponse } from './entry-response.js';
import { exactResources, parseBundle, type ReadEntry } from './parse-bundle.js';
import { prepareEntries } from './prepare-entries.js';
import { ResponseRoom } from './response-room.js';
import { retryConflicts } from './retry-conflicts.js';
import { runEntry, type EntryContext } from './run-entry.js';
import { runTransaction } from './transaction-run.js';

/** For whom a Bundle is carried out, and how. */
export interface BundleOptions {
  readonly requester: Requester;
  /** The `Prefer` header. */
  readonly prefer?: string | undefined;
  readonly takenIds: TakenIds;
  /** Of all entries together. */
  readonly deadline: Deadline;
}

/** The answers to the entries of a Bundle, in their order. */
export interface BundleResult {
  readonly type: 'batch' | 'transaction';
  readonly responses: readonly EntryResponse[];
}

interface BundleRun {
  /** Resources by position, numbers as they were written. */
  readonly resources: readonly (ExactJson | undefined)[];
  readonly decisions: EntryDecisions;
  readonly options: BundleOptions;
  readonly room: ResponseRoom;
}

/** Carries out batches and transactions (spec §9; FHIR R4, RESTful API §3.1.0.11). */
@Injectable()
export class BundleProcessor {
  private readonly logger = new Logger(BundleProcessor.name);

  constructor(
    private readonly types: BundleTypes,
    private readonly unitOfWork: AdmittedWork,
  ) {}

  /**
   * Decides every entry, then carries out those that may be: each on its own in a batch, all or none in a
   * transaction.
   *
   * @throws FhirError 400 or 422 when it is no such Bundle, EntriesFailed when a transaction fails, DeadlineOver
   * 503 when its time is over before anything was done; entries of a batch are answered so one by one.
   */
  async process(
    source: ParsedBody,
    decisions: EntryDecisions,
    options: BundleOptions,
  ): Promise<BundleResult> {
    const { type, entries } = parseBundle(source, this.types);
    if (type === 'transaction') assertDistinct(allUnderstood(entries));
    const decided = await decideEntries(entries, decisions, options.deadline);
    const resources = exactResources(source);
    const run: BundleRun = { resources, decisions, options, room: new ResponseRoom() };
    const responses = await (type === 'transaction'
      ? this.inTransaction(allUnderstood(decided), run)
      : this.batch(decided, run));
    return { type, responses };
  }

  /**
   * Carries out one interaction outside a Bundle, as an entry that is alone.
   *
   * @param content what the entry writes, numbers as they were written
   * @throws FhirError as the interaction does, also when it may not be done.
   */
  async single(
    entry: BundleEntry,
    content: ParsedBody | undefined,
    decisions: EntryDecisions,
    options: BundleOptions,
  ): Promise<EntryResponse> {
    const refusal = await refusalOfEntry(entry, decisions);
    if (refusal) throw refusal;
    const resources = [content && parseExact(content.text)];
    const run: BundleRun = { resources, decisions, options, room: new ResponseRoom() };
    try {
      const [response] = await this.inTransaction([entry], run);
      if (response) return response;
    } catch (thrown) {
      throw thrown instanceof EntriesFailed ? thrown.cause : thrown;
    }
    throw new Error('An entry was not answered');
  }

  private async batch(
    entries: readonly ReadEntry[],
    run: BundleRun,
  ): Promise<readonly EntryResponse[]> {
    const responses: EntryResponse[] = [];
    for (const read of entries) {
      responses.push(
        'refusal' in read ? failedEntry(read.refusal) : await this.batchEntry(read.entry, run),
      );
    }
    return responses;
  }

  private async batchEntry(entry: BundleEntry, run: BundleRun): Promise<EntryResponse> {
    try {
      run.room.assertOpen();
      run.options.deadline.assertLeft();
      const { interactions } = entry.type;
      if (entry.method === 'GET') {
        const runnable = { entry, interactions, body: undefined };
        return run.room.take(await runEntry(runnable, this.context(run.options)));
      }
      const [response] = await this.inTransaction([entry], run);
      if (response) return run.room.take(response);
      throw new Error('An entry was not answered');
    } catch (thrown) {
      return this.failure(thrown instanceof EntriesFailed ? thrown.cause : thrown, entry);
    }
  }

  private async inTransaction(
    entries: readonly BundleEntry[],
    { resources, decisions, options, room }: BundleRun,
  ): Promise<readonly EntryResponse[]> {
    const prepared = await prepareEntries(entries, resources);
    const { takenIds, deadline } = options;
    const context = this.context(options);
    const work = { entries, resources, prepared, context, decisions, room, takenIds, deadline };
    return retryConflicts(() =>
      this.unitOfWork.run((transaction) => runTransaction(work, transaction)),
    );
  }

  private failure(thrown: unknown, { index }: BundleEntry): EntryResponse {
    const error = toFhirError(thrown);
    if (error.status >= 500) {
      this.logger.error({ entry: index, cause: error.cause }, error.message);
    }
    return failedEntry(error);
  }

  private context({ requester, prefer }: BundleOptions): EntryContext {
    return { requester, prefer, baseUrl: this.types.baseUrl };
  }
}
