import { BadRequest, FhirError, InvalidResource } from '../../errors/fhir-error.js';
import { parseExact, isExactObject, type ExactJson } from '../formats/exact-json.js';
import { isJsonObject, type Json, type ParsedBody } from '../formats/json.js';
import { criteriaOf, type BundleEntry } from './bundle-entry.js';
import type { BundleTypes } from './bundle-types.js';
import { criteriaKey } from './criteria.js';
import { parseEntry } from './parse-entry.js';

/** Most entries of one Bundle, and most different criteria. */
export const MAX_ENTRIES = 10_000;

/** An entry that is understood, or why it is not. */
export type ReadEntry =
  | { readonly index: number; readonly entry: BundleEntry }
  | { readonly index: number; readonly refusal: FhirError };

/** A Bundle that asks for interactions. */
export interface RequestBundle {
  readonly type: 'batch' | 'transaction';
  readonly entries: readonly ReadEntry[];
}

/**
 * Reads a batch or transaction; entries that cannot be understood are among the result.
 *
 * @throws BadRequest 400 when it is no Bundle or has too many entries or criteria, InvalidResource 422 for a Bundle of
 * another type.
 */
export function parseBundle({ value }: ParsedBody, types: BundleTypes): RequestBundle {
  if (!isJsonObject(value) || value['resourceType'] !== 'Bundle') {
    throw new BadRequest('This route takes a Bundle of type batch or transaction', 'structure');
  }
  const type = value['type'];
  if (type !== 'batch' && type !== 'transaction') {
    const diagnostics = 'Bundle.type is batch or transaction here';
    throw new InvalidResource([{ code: 'value', diagnostics, expression: 'Bundle.type' }]);
  }
  const entries = Object.hasOwn(value, 'entry') ? value['entry'] : [];
  if (!isArray(entries)) {
    throw new BadRequest('Bundle.entry must be an array', 'structure', 'Bundle.entry');
  }
  if (entries.length > MAX_ENTRIES) {
    const diagnostics = `A Bundle has at most ${MAX_ENTRIES} entries`;
    throw new BadRequest(diagnostics, 'too-long', 'Bundle.entry');
  }
  const read = entries.map((entry, index) => readEntry(index, entry, types));
  assertFewCriteria(read);
  return { type, entries: read };
}

/** Each is a search, and one entry can name hundreds of thousands. */
function assertFewCriteria(entries: readonly ReadEntry[]): void {
  const keys = new Set<string>();
  for (const read of entries) {
    if (!('entry' in read)) continue;
    for (const criteria of criteriaOf(read.entry)) keys.add(criteriaKey(criteria));
  }
  if (keys.size <= MAX_ENTRIES) return;
  const diagnostics = `A Bundle has at most ${MAX_ENTRIES} conditions and conditional references`;
  throw new BadRequest(diagnostics, 'too-long', 'Bundle.entry');
}

/** The resources of the entries by position, with numbers as they were written. */
export function exactResources({ text }: ParsedBody): readonly (ExactJson | undefined)[] {
  const bundle = parseExact(text);
  const entries = isExactObject(bundle) ? bundle['entry'] : undefined;
  if (!Array.isArray(entries)) return [];
  return entries.map((entry) => (isExactObject(entry) ? entry['resource'] : undefined));
}

function readEntry(index: number, entry: Json, types: BundleTypes): ReadEntry {
  try {
    return { index, entry: parseEntry(index, entry, types) };
  } catch (error) {
    if (error instanceof FhirError) return { index, refusal: error };
    throw error;
  }
}

/** `Array.isArray` loses the type of readonly arrays. */
function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}
