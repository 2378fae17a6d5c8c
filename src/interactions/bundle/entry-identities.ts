import { randomUUID } from 'node:crypto';
import { BadRequest } from '../../errors/fhir-error.js';
import type { LiveVersion } from '../storage/stored-version.js';
import type { Transaction } from '../storage/transaction.js';
import { statedId, type BundleEntry } from './bundle-entry.js';
import { EntriesFailed } from './bundle-errors.js';
import { criteriaKey } from './criteria.js';

/** Which ids a POST whose id exists or existed may get: another one, or none, which makes it fail. */
export type TakenIds = 'replaced' | 'refused';

/** `fullUrl` of a resource that has no place of its own yet. */
const TEMPORARY = /^urn:(?:uuid|oid):/i;

/**
 * What the entry will write, by a text that two entries must not share: `Type/id`, or the criteria of a
 * condition; `undefined` if nothing or something new.
 */
export function writtenKey(entry: BundleEntry): string | undefined {
  if (entry.method === 'GET') return undefined;
  const condition = entry.ifNoneExist ?? entry.target;
  if (condition) return criteriaKey(condition);
  const id = statedId(entry);
  return id === undefined ? undefined : `${entry.type.name}/${id}`;
}

/**
 * Checks that no two entries of a transaction write one resource or have one `fullUrl` (FHIR R4, RESTful
 * API §3.1.0.11.2, and bdl-7), since their order would decide.
 *
 * @throws EntriesFailed 400 that names the second of them.
 */
export function assertDistinct(entries: readonly BundleEntry[]): void {
  assertUnique(entries, writtenKey, 'Another entry writes the same resource');
  assertUnique(entries, ({ fullUrl }) => fullUrl, 'Another entry has the same fullUrl');
}

/**
 * Chooses the ids of the resources that are created, so that others can refer to them.
 *
 * An id that the resource brings is kept. If it is taken, a clinical resource with a temporary `fullUrl`
 * gets another, since nothing in the Bundle refers to it by that id; any other fails when it is written.
 *
 * @param existing by position, what conditional creates have found.
 * @returns the ids of new and existing resources by position.
 */
export async function chooseIds(
  entries: readonly BundleEntry[],
  existing: ReadonlyMap<number, LiveVersion>,
  transaction: Transaction,
  takenIds: TakenIds,
): Promise<ReadonlyMap<number, string>> {
  const taken = takenIds === 'replaced' ? await takenOf(entries, transaction) : new Set<number>();
  return new Map(
    entries.flatMap((entry) => {
      const found = existing.get(entry.index)?.id;
      const stated = taken.has(entry.index) ? undefined : statedId(entry);
      const id = found ?? stated ?? (entry.method === 'POST' ? randomUUID() : undefined);
      return id === undefined ? [] : [[entry.index, id] as const];
    }),
  );
}

/** One question for each type, whatever the number of entries. */
async function takenOf(
  entries: readonly BundleEntry[],
  transaction: Transaction,
): Promise<ReadonlySet<number>> {
  const replaceable = entries.filter(
    ({ method, type, fullUrl }) =>
      method === 'POST' && !type.isSystem && TEMPORARY.test(fullUrl ?? ''),
  );
  const taken = new Set<number>();
  for (const type of new Set(replaceable.map((entry) => entry.type))) {
    const ofType = replaceable.filter((entry) => entry.type === type);
    const ids = ofType.map(statedId).filter((id) => id !== undefined);
    const known = await type.interactions.within(transaction).known(ids);
    for (const entry of ofType) if (known.has(statedId(entry) ?? '')) taken.add(entry.index);
  }
  return taken;
}

function assertUnique(
  entries: readonly BundleEntry[],
  keyOf: (entry: BundleEntry) => string | undefined,
  diagnostics: string,
): void {
  const seen = new Set<string>();
  for (const entry of entries) {
    const key = keyOf(entry);
    if (key === undefined) continue;
    if (seen.has(key)) {
      const thrown = new BadRequest(diagnostics, 'invalid');
      throw new EntriesFailed([{ index: entry.index, thrown }]);
    }
    seen.add(key);
  }
}
