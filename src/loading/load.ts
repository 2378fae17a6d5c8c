import type { FhirServer } from './fhir-server.js';
import { NoAnswer } from './fhir-server.js';
import type { Journal, Progress } from './journal.js';
import { jsonPortions } from './json-portions.js';
import { ndjsonPortions, type PortionLimits } from './ndjson-portions.js';
import { outcomeOf, type Outcome } from './outcome.js';
import { isUnreadable, type Portion, type Unreadable } from './portion.js';
import type { Tally } from './tally.js';

const UNAUTHORIZED = 401;

/** What is loaded where, and how. */
export interface LoadJob {
  readonly files: readonly string[];
  readonly server: FhirServer;
  readonly journal: Journal;
  readonly limits: PortionLimits;
  /** Bundles that are under way at a time. */
  readonly concurrency: number;
  /** Whether what may have been carried out before is sent again. */
  readonly repeatsUncertain: boolean;
  readonly tally: Tally;
  /** Once it is aborted nothing more is sent; what is under way is waited for. */
  readonly stop: AbortController;
}

/**
 * Loads files. A transaction that refers to what is not there yet is tried again after the others, for
 * as long as each round brings something new.
 */
export async function load(job: LoadJob): Promise<void> {
  let left = await round(job, job.files);
  for (let before = Infinity; left.size > 0 && left.size < before && !job.stop.signal.aborted;) {
    before = left.size;
    left = await round(job, [...left.keys()]);
  }
  for (const outcome of left.values()) job.tally.refused(outcome.refused);
}

/** @returns the files whose transactions may come later, with what the server said of them. */
async function round(job: LoadJob, files: readonly string[]): Promise<Map<string, Outcome>> {
  const later = new Map<string, Outcome>();
  const portions = portionsOf(files, job.limits);
  const worker = async (): Promise<void> => {
    while (!job.stop.signal.aborted) {
      const { value, done } = await portions.next();
      if (done) return;
      if (isUnreadable(value)) job.tally.unreadable(value);
      else await deliver(job, value, later);
    }
  };
  await Promise.all(Array.from({ length: job.concurrency }, worker));
  return later;
}

/** Generators answer in turn, so that workers may share one. */
async function* portionsOf(
  files: readonly string[],
  limits: PortionLimits,
): AsyncGenerator<Portion | Unreadable, undefined> {
  for (const file of files) {
    const isLines = file.endsWith('.ndjson');
    yield* isLines ? ndjsonPortions(file, limits) : jsonPortions(file, limits);
  }
  return undefined;
}

async function deliver(job: LoadJob, portion: Portion, later: Map<string, Outcome>): Promise<void> {
  const { journal, tally, repeatsUncertain } = job;
  const key = await journal.keyOf(portion);
  const before = journal.progressOf(key);
  if (before === 'done') {
    tally.loadedBefore(portion);
  } else if (before === 'begun' && !repeatsUncertain) {
    tally.uncertain(portion, 'an earlier run was interrupted');
  } else {
    await send(job, portion, key, later);
  }
}

async function send(
  { journal, server, tally, stop }: LoadJob,
  portion: Portion,
  key: string,
  later: Map<string, Outcome>,
): Promise<void> {
  if (!portion.isRepeatable) await journal.note(key, 'begun');
  try {
    const answer = await server.send(portion.bundle, portion.isRepeatable);
    // Whatever else is sent would be refused as well, and count as an attempt to guess.
    if (answer.status === UNAUTHORIZED) stop.abort();
    const outcome = outcomeOf(portion, answer);
    await journal.note(key, progressAfter(portion, outcome));
    if (outcome.mayComeLater) later.set(portion.file, outcome);
    else tally.answered(portion, outcome);
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    if (error.isUncertain && !portion.isRepeatable) {
      tally.uncertain(portion, error.message);
      return;
    }
    await journal.note(key, 'undone');
    tally.unsent(portion, error.message);
  }
}

/** What can be repeated is sent again as long as some of it is refused; else only what did nothing. */
function progressAfter({ isRepeatable }: Portion, { loaded, refused }: Outcome): Progress {
  if (refused.length === 0) return 'done';
  return isRepeatable || loaded.length === 0 ? 'undone' : 'done';
}
