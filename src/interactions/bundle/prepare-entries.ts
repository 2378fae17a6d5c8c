import { parseExact, stringifyExact, type ExactJson } from '../formats/exact-json.js';
import type { ParsedBody } from '../formats/json.js';
import type { BundleEntry } from './bundle-entry.js';

/**
 * What of the entries takes long, done while no transaction is open.
 *
 * @param resources by position, numbers as they were written
 * @returns by position the resources and patches that are to be written in place of those that were sent;
 * what is decided on is what was sent.
 */
export async function prepareEntries(
  entries: readonly BundleEntry[],
  resources: readonly (ExactJson | undefined)[],
): Promise<ReadonlyMap<number, ExactJson>> {
  const prepared = new Map<number, ExactJson>();
  for (const entry of entries) {
    // Only system resources have what takes long, and there may be thousands of others.
    const sent = entry.type.isSystem ? sentIn(entry, resources) : undefined;
    const body = sent && (await entry.type.interactions.prepare(sent));
    if (body !== undefined && body !== sent) prepared.set(entry.index, parseExact(body.text));
  }
  return prepared;
}

function sentIn(
  { index, patch, resource }: BundleEntry,
  resources: readonly (ExactJson | undefined)[],
): ParsedBody | undefined {
  if (patch) return patch.body;
  const exact = resources[index];
  if (resource === undefined || exact === undefined) return undefined;
  return { value: resource, text: stringifyExact(exact) };
}
