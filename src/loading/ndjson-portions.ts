import type { Portion, Unreadable } from './portion.js';
import { readLines, type Line } from './read-lines.js';
import { batchOf, resourceEntry, type ResourceEntry } from './resource-entry.js';

/** How much is sent at once. */
export interface PortionLimits {
  /** Resources of a batch. */
  readonly resources: number;
  /** Bytes of a file that is no NDJSON, and of a line of one that is. */
  readonly maxBytes: number;
}

/** Bytes of a batch beyond which no further resource is added to it. */
const BATCH_BYTES = 4 * 1024 * 1024;

/** The resources of an NDJSON file, one a line, in batches. Empty lines are passed over. */
export async function* ndjsonPortions(
  file: string,
  limits: PortionLimits,
): AsyncGenerator<Portion | Unreadable> {
  let batch = new Batch(file);
  for await (const line of readLines(file, limits.maxBytes)) {
    const entry = entryOf(line);
    if (entry === undefined) continue;
    if (typeof entry === 'string') {
      yield { file, place: `line ${line.number}`, problem: entry, bytes: line.bytes };
      continue;
    }
    batch.add(entry, line);
    if (batch.size < limits.resources && batch.bytes < BATCH_BYTES) continue;
    yield batch.portion();
    batch = new Batch(file);
  }
  if (batch.size > 0) yield batch.portion();
}

class Batch {
  private readonly entries: ResourceEntry[] = [];
  private first = 0;
  private last = 0;
  bytes = 0;

  constructor(private readonly file: string) {}

  get size(): number {
    return this.entries.length;
  }

  add(entry: ResourceEntry, { number, bytes }: Line): void {
    if (this.size === 0) this.first = number;
    this.last = number;
    this.bytes += bytes;
    this.entries.push(entry);
  }

  portion(): Portion {
    const { file, first, last, bytes, entries } = this;
    return {
      file,
      part: `lines ${first}-${last}`,
      bundle: batchOf(entries),
      bytes,
      isTransaction: false,
      isRepeatable: entries.every(({ isRepeatable }) => isRepeatable),
      entries,
    };
  }
}

/** @returns the reason when the line holds no resource, `undefined` when it holds nothing. */
function entryOf({ number, text }: Line): ResourceEntry | string | undefined {
  if (text === undefined) return 'is too long, or no UTF-8';
  // A line feed may stand behind a carriage return, and a file begin with a byte order mark.
  const resource = text.trim();
  if (resource === '') return undefined;
  try {
    return resourceEntry(resource, JSON.parse(resource), `line ${number}`);
  } catch {
    return 'is no JSON';
  }
}
