import { FhirError } from '../../../errors/fhir-error.js';
import type { QueryParams } from '../parse-search.js';
import { parseIndexedSearch, type IndexedSearchContext } from './parse-indexed-search.js';

const NONE: readonly string[] = Object.freeze([]);

/** A chain has a dot between its links. */
const LEADING = /\.|^_has:|^_(?:rev)?include(?::|$)/;

/**
 * Types to which chains, `_has` and includes of a search lead, each once and in order of their names.
 *
 * Only what leads further is read, so that searches which do not cost nothing.
 *
 * @returns none for what cannot be read, which whoever carries the search out refuses (spec §9)
 */
export function reachedTypes(
  params: QueryParams,
  types: readonly string[],
  context: IndexedSearchContext,
): readonly string[] {
  const leading = Object.entries(params).filter(([name]) => LEADING.test(name));
  if (leading.length === 0) return NONE;
  try {
    const { inline } = parseIndexedSearch(Object.fromEntries(leading), types, context);
    return [...new Set(inline.map(({ type }) => type))].sort();
  } catch (error) {
    if (error instanceof FhirError) return NONE;
    throw error;
  }
}
