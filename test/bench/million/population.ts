import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A resource as it is stored, its `meta` included. */
export interface StoredRecord {
  readonly type: string;
  readonly id: string;
  readonly text: string;
  /** ISO 8601, as in its `meta`. */
  readonly lastUpdated: string;
}

interface Entry {
  readonly fullUrl: string;
  readonly resource: { readonly resourceType: string; readonly id: string; readonly meta?: object };
}

/** Text that is the same in every copy, and what lies between. */
interface Template {
  readonly type: string;
  readonly id: string;
  readonly parts: readonly string[];
}

const LAST_UPDATED = '@lastUpdated@';
const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
/** What differs between copies: ids, dates, family names, the time of the write. */
const VARYING = new RegExp(
  `(${UUID}|(?:19|20)\\d\\d-\\d\\d-\\d\\d(?=[T"])|"family":"[^"]+|${LAST_UPDATED})`,
);
const FIRST_WRITE = Date.UTC(2026, 0, 1);
const DAY_MS = 86_400_000;
/** Dates of copies lie within as many days. */
const SPREAD_DAYS = 3650;

/** As many people as wanted, each with the records of one of those in a folder of transaction Bundles. */
export class Population {
  private readonly templates: readonly Template[];

  /** @param folder of Bundles by Synthea, whose ids and references are UUIDs */
  constructor(folder: string) {
    const entries = readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .flatMap((name) => readEntries(join(folder, name)));
    const references = new Map(
      entries.map(({ fullUrl, resource: { resourceType, id } }) => [
        fullUrl,
        `${resourceType}/${id}`,
      ]),
    );
    // A hospital that several people were at is in several files.
    const byUrl = new Map(entries.map((entry) => [entry.fullUrl, entry.resource]));
    this.templates = [...byUrl.values()].map((resource) => templateOf(resource, references));
  }

  /** Number of resources in one copy. */
  get size(): number {
    return this.templates.length;
  }

  /** All resources, with ids, dates and family names of their own in every copy. */
  copy(number: number): readonly StoredRecord[] {
    const lastUpdated = new Date(FIRST_WRITE + number * 3_600_000).toISOString();
    const dates = new Map<string, string>();
    const varied = (part: string): string => {
      if (part === LAST_UPDATED) return lastUpdated;
      if (part.startsWith('"')) return `${part} ${number}`;
      if (part.length > 10) return idIn(part, number);
      const date = dates.get(part) ?? shifted(part, number);
      dates.set(part, date);
      return date;
    };
    return this.templates.map(({ type, id, parts }) => ({
      type,
      id: idIn(id, number),
      // Every second part is one that varies.
      text: parts.map((part, at) => (at % 2 === 1 ? varied(part) : part)).join(''),
      lastUpdated,
    }));
  }

  /** Ids of all resources of a type in a copy. */
  ids(type: string, number: number): readonly string[] {
    return this.templates.filter((one) => one.type === type).map(({ id }) => idIn(id, number));
  }
}

function readEntries(file: string): readonly Entry[] {
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly entry: readonly Entry[] }).entry;
}

function templateOf(
  resource: Entry['resource'],
  references: ReadonlyMap<string, string>,
): Template {
  const { resourceType: type, id, meta } = resource;
  const extension = [{ url: 'ex:createdAt', valueInstant: LAST_UPDATED }];
  const stored = {
    ...resource,
    meta: { ...meta, versionId: '1', lastUpdated: LAST_UPDATED, extension },
  };
  const text = JSON.stringify(stored, (_, value: unknown) =>
    typeof value === 'string' ? (references.get(value) ?? value) : value,
  );
  return { type, id, parts: text.split(VARYING) };
}

/** Spread over the whole range, as random ids are, so that copies do not lie side by side in an index. */
function idIn(id: string, copy: number): string {
  const head = (Number.parseInt(id.slice(0, 8), 16) ^ Math.imul(copy, 0x9e3779b1)) >>> 0;
  return `${head.toString(16).padStart(8, '0')}${id.slice(8)}`;
}

function shifted(date: string, copy: number): string {
  const days = (copy * 37) % SPREAD_DAYS;
  return new Date(Date.parse(date) - days * DAY_MS).toISOString().slice(0, 10);
}
