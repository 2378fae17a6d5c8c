import { FhirError } from '../../errors/fhir-error.js';
import { requestOf, type BundleEntry } from '../../interactions/bundle/bundle-entry.js';
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
import { knownEntry } from './passed-writes.js';
import type { Lookup } from './upstream-lookup.js';

/** An entry as it is to be sent, or what it is answered with without being sent. */
export type PreparedEntry =
  | { readonly index: number; readonly entry: BundleEntry; readonly element: string }
  | { readonly index: number; readonly refusal: FhirError }
  | { readonly index: number; readonly status: 204 };

/** What entries are prepared with. */
export interface Preparation {
  /** Resources by position, numbers as they were written. */
  readonly resources: readonly (ExactJson | undefined)[];
  readonly lookup: Lookup;
  readonly decisions: EntryDecisions;
  readonly deadline: Deadline;
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
  const { lookup, decisions, deadline } = preparation;
  const known: (BundleEntry | undefined)[] = [];
  for (const entry of entries) {
    deadline.assertLeft();
    known.push(await naming(entry.index, () => knownEntry(entry, lookup, decisions)));
  }
  const present = known.filter((entry) => entry !== undefined);
  if (present.length > 1) assertDistinct(present);
  const references = await knownReferences(present, lookup);
  const prepared: PreparedEntry[] = [];
  for (const [index, entry] of known.entries()) {
    deadline.assertLeft();
    await yieldInBetween(index);
    prepared.push(
      entry
        ? await naming(index, () => elementOf(entry, preparation, references))
        : { index, status: 204 },
    );
  }
  return prepared;
}

async function orRefusal(read: ReadEntry, preparation: Preparation): Promise<PreparedEntry> {
  if ('refusal' in read) return read;
  const { index } = read;
  const { lookup, decisions } = preparation;
  try {
    const known = await knownEntry(read.entry, lookup, decisions);
    if (!known) return { index, status: 204 };
    // In a batch no entry refers to another (FHIR R4, RESTful API §3.1.0.11.1).
    const entry = { ...known, fullUrl: undefined };
    const references = await knownReferences([entry], lookup);
    return await elementOf(entry, preparation, references);
  } catch (refusal) {
    if (refusal instanceof FhirError) return { index, refusal };
    throw refusal;
  }
}

/** @throws FhirError 403 where the caller may not write what the references make of it */
async function elementOf(
  entry: BundleEntry,
  { resources, decisions }: Preparation,
  references: ResolvedReferences,
): Promise<PreparedEntry> {
  const content = contentOfEntry(entry, resources[entry.index], references);
  const refusal = content && (await refusalOfContent(entry, content, decisions));
  if (refusal) throw refusal;
  return { index: entry.index, entry, element: elementOfEntry(entry, content) };
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
