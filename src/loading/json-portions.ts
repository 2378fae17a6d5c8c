import { readFile, stat } from 'node:fs/promises';
import {
  isExactObject,
  parseExact,
  stringifyExact,
  type ExactJson,
} from '../interactions/formats/exact-json.js';
import type { PortionLimits } from './ndjson-portions.js';
import type { Portion, PortionEntry, Unreadable } from './portion.js';
import { batchOf, member, resourceEntry, type ResourceEntry } from './resource-entry.js';

/** Bundles that are requests, and go to the server as they are. */
const REQUESTS: ReadonlySet<unknown> = new Set(['transaction', 'batch']);
/** Bundles that are lists of resources, which are written one by one; others are documents to be stored. */
const LISTS: ReadonlySet<unknown> = new Set(['collection', 'searchset']);
/** Requests that may be repeated without doing more than the first time. */
const REPEATABLE: ReadonlySet<unknown> = new Set(['PUT', 'DELETE', 'GET', 'HEAD']);

/** What a JSON file holds: a Bundle of requests, a Bundle of resources, or one resource. */
export async function* jsonPortions(
  file: string,
  limits: PortionLimits,
): AsyncGenerator<Portion | Unreadable> {
  const bytes = (await stat(file)).size;
  const unreadable = (problem: string): Unreadable => ({ file, place: '', problem, bytes });
  if (bytes > limits.maxBytes) {
    yield unreadable(`is larger than ${limits.maxBytes} bytes; NDJSON may be of any size`);
    return;
  }
  const text = (await readFile(file, 'utf8')).trim();
  const value = parsed(text);
  if (value === undefined) {
    yield unreadable('is no JSON');
    return;
  }
  const type = member(value, 'resourceType') === 'Bundle' ? member(value, 'type') : undefined;
  if (REQUESTS.has(type)) yield requests(file, text, value, bytes);
  else if (LISTS.has(type)) yield* resources(file, text, limits, bytes);
  else yield single(file, text, value, bytes);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function requests(file: string, bundle: string, value: unknown, bytes: number): Portion {
  const entries = listOf(member(value, 'entry'));
  return {
    file,
    part: '',
    bundle,
    bytes,
    isTransaction: member(value, 'type') === 'transaction',
    isRepeatable: entries.every((entry) => isRepeatable(member(entry, 'request'))),
    entries: entries.map((entry, at) => describedRequest(entry, at)),
  };
}

function describedRequest(entry: unknown, at: number): PortionEntry {
  const type = member(member(entry, 'resource'), 'resourceType');
  const url = member(member(entry, 'request'), 'url');
  const target = typeof type === 'string' ? type : typeof url === 'string' ? url : 'a request';
  return { place: `entry ${at}`, target };
}

function isRepeatable(request: unknown): boolean {
  return REPEATABLE.has(member(request, 'method')) || member(request, 'ifNoneExist') !== undefined;
}

function* resources(
  file: string,
  text: string,
  limits: PortionLimits,
  bytes: number,
): Generator<Portion | Unreadable> {
  // With the digits of its decimals, which become the text of other Bundles.
  const bundle = exactly(text);
  if (bundle === undefined) {
    yield { file, place: '', problem: 'is nested too deeply', bytes };
    return;
  }
  const all = isExactObject(bundle) && Array.isArray(bundle['entry']) ? bundle['entry'] : [];
  const entries: ResourceEntry[] = [];
  for (const [at, item] of all.entries()) {
    const entry = listed(item, `entry ${at}`);
    if (typeof entry !== 'string') entries.push(entry);
    else yield { file, place: `entry ${at}`, problem: entry, bytes: 0 };
  }
  const count = Math.ceil(entries.length / limits.resources);
  for (let at = 0; at < count; at += 1) {
    const some = entries.slice(at * limits.resources, (at + 1) * limits.resources);
    yield batch(file, partOf(some), some, bytes / count);
  }
}

/** The parser is recursive; the text is known to be JSON. */
function exactly(text: string): ExactJson | undefined {
  try {
    return parseExact(text);
  } catch {
    return undefined;
  }
}

/** Says which entries they are, whatever the size of batches was in an earlier run. */
function partOf(entries: readonly ResourceEntry[]): string {
  return `${entries[0]?.place ?? ''} to ${entries.at(-1)?.place ?? ''}`;
}

function listed(item: ExactJson, place: string): ResourceEntry | string {
  const resource = isExactObject(item) ? item['resource'] : undefined;
  if (resource === undefined) return 'has no resource';
  return resourceEntry(stringifyExact(resource), resource, place);
}

function single(file: string, text: string, value: unknown, bytes: number): Portion | Unreadable {
  const entry = resourceEntry(text, value, '');
  if (typeof entry === 'string') return { file, place: '', problem: entry, bytes };
  return batch(file, '', [entry], bytes);
}

function batch(
  file: string,
  part: string,
  entries: readonly ResourceEntry[],
  bytes: number,
): Portion {
  return {
    file,
    part,
    bundle: batchOf(entries),
    bytes,
    isTransaction: false,
    isRepeatable: entries.every((entry) => entry.isRepeatable),
    entries,
  };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}
