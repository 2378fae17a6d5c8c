import { FhirError } from '../../errors/fhir-error.js';
import {
  requestOf,
  type BundleEntry,
  type EntryMethod,
} from '../../interactions/bundle/bundle-entry.js';
import { EntriesFailed } from '../../interactions/bundle/bundle-errors.js';
import type { ResolvedReferences } from '../../interactions/bundle/bundle-references.js';
import type { EntryDecisions } from '../../interactions/bundle/entry-authorizer.js';
import { assertDistinct } from '../../interactions/bundle/entry-identities.js';
import type { ReadEntry } from '../../interactions/bundle/parse-bundle.js';
import type { ExactJson } from '../../interactions/formats/exact-json.js';
import type { Deadline } from '../../interactions/load/deadline.js';
import type { ParsedBody } from '../../interactions/formats/json.js';
import { yieldInBetween } from '../../interactions/bundle/yield-in-between.js';
import { elementOfEntry } from './entry-requests.js';
import { contentOfEntry, knownReferences } from './known-references.js';
import type { LocalAddresses } from './local-addresses.js';
import { knownEntry } from './passed-writes.js';
import type { Lookup } from './upstream-lookup.js';

/** An entry that is to be sent. */
export interface SentEntry {
  readonly index: number;
  /** Its target known. */
  readonly entry: BundleEntry;
  /** JSON text of `Bundle.entry`. */
  readonly element: string;
  /** Whether it was to replace what criteria pick, and creates because they pick nothing. */
  readonly isUpdate: boolean;
}

/** An entry as it is to be sent, or what it is answered with without being sent. */
export type PreparedEntry =
  | SentEntry
  | { readonly index: number; readonly refusal: FhirError }
  | { readonly index: number; readonly status: 204 };

/** What entries are prepared with. */
export interface Preparation {
  /** Resources by position, numbers as they were written. */
  readonly resources: readonly (ExactJson | undefined)[];
  readonly lookup: Lookup;
  readonly decisions: EntryDecisions;
  readonly deadline: Deadline;
  readonly addresses: LocalAddresses;
}

/** The entries of a batch, each prepared on its own. */
export async function preparedBatch(
  entries: readonly ReadEntry[],
  preparation: Preparation,
): Promise<readonly PreparedEntry[]> {
  const prepared: PreparedEntry[] = [];
  for (const read of entries) {
    preparation.deadline.assertLeft();
    prepared.push(await orRefusal(read, preparation));
    await yieldInBetween(read.index);
  }
  return prepared;
}

/**
 * The entries of a transaction, which may refer to one another.
 *
 * @throws EntriesFailed that names the entry which cannot be carried out
 */
export async function preparedTransaction(
  entries: readonly BundleEntry[],
  preparation: Preparation,
): Promise<readonly PreparedEntry[]> {
  const { lookup, decisions, deadline, addresses } = preparation;
  const known = new Map<number, BundleEntry>();
  for (const entry of entries) {
    deadline.assertLeft();
    const found = await naming(entry.index, () => knownEntry(entry, lookup, decisions));
    if (found) known.set(entry.index, found);
  }
  const present = [...known.values()];
  if (present.length > 1) assertDistinct(present);
  const references = await knownReferences(present, lookup, addresses.references, naming);
  const prepared: PreparedEntry[] = [];
  for (const { index, method } of entries) {
    deadline.assertLeft();
    await yieldInBetween(index);
    const entry = known.get(index);
    prepared.push(
      entry
        ? await naming(index, () => sentEntry(entry, method, preparation, references))
        : { index, status: 204 },
    );
  }
  return prepared;
}

async function orRefusal(read: ReadEntry, preparation: Preparation): Promise<PreparedEntry> {
  if ('refusal' in read) return read;
  const { index } = read;
  const { lookup, decisions, addresses } = preparation;
  try {
    const known = await knownEntry(read.entry, lookup, decisions);
    if (!known) return { index, status: 204 };
    // In a batch no entry refers to another (FHIR R4, RESTful API §3.1.0.11.1).
    const entry = { ...known, fullUrl: undefined };
    const references = await knownReferences([entry], lookup, addresses.references);
    return await sentEntry(entry, read.entry.method, preparation, references);
  } catch (refusal) {
    if (refusal instanceof FhirError) return { index, refusal };
    throw refusal;
  }
}

/** @throws FhirError 403 where the caller may not write what the references make of it */
async function sentEntry(
  entry: BundleEntry,
  asked: EntryMethod,
  { resources, decisions, addresses }: Preparation,
  references: ResolvedReferences,
): Promise<SentEntry> {
  const content = contentOfEntry(entry, resources[entry.index], references, addresses.references);
  const refusal = content && (await refusalOfContent(entry, content, decisions));
  if (refusal) throw refusal;
  const element = elementOfEntry(addresses.entry(entry), content, references);
  const isUpdate = asked === 'PUT' && entry.method === 'POST';
  return { index: entry.index, entry, element, isUpdate };
}

/**
 * Decides again on what is not written as it was sent: to whom a reference leads is what policies ask for,
 * and whoever sends a Bundle chooses the text in its place.
 */
async function refusalOfContent(
  entry: BundleEntry,
  content: ParsedBody,
  decisions: EntryDecisions,
): Promise<FhirError | undefined> {
  const sent = entry.patch?.body.value ?? entry.resource;
  if (JSON.stringify(content.value) === JSON.stringify(sent)) return undefined;
  return decisions.refusalOf({ ...requestOf(entry), body: content.value });
}

/** Whatever is thrown says which entry it was about. */
async function naming<T>(index: number, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw new EntriesFailed([{ index, thrown }]);
  }
}
