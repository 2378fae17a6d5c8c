import { createHash } from 'node:crypto';

/** Longer texts do not fit into an entry of an index. */
const MAX_CHARACTERS = 200;
const DIGEST = 'sha256:';

/**
 * What strings are compared by: without case, accents, and repeated white space (FHIR R4, Search
 * §3.1.1.4.8).
 */
export function normalizedText(text: string): string {
  const lower = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  // Lower case keeps two differences that folding does not: ß and ss, and the sigma at the end of a word.
  const folded = lower.replaceAll('ß', 'ss').replaceAll('ς', 'σ');
  return folded.replace(/\s+/g, ' ').trim();
}

/** A code or system as the index keeps it: as it is, or by its digest when it is long. */
export function boundedText(text: string): string {
  // What looks like a digest is digested too, so that no text can pass for a longer one.
  if (text.length <= MAX_CHARACTERS && !text.startsWith(DIGEST)) return text;
  return DIGEST + createHash('sha256').update(text).digest('hex');
}
