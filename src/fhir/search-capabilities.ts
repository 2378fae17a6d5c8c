import type { SearchDefinitions } from '../interactions/search/definitions/search-definitions.js';
import { COLUMN_PARAMETERS } from '../interactions/search/query/column-conditions.js';

/** What can be searched of a type, as the CapabilityStatement says it. */
export interface SearchCapabilities {
  readonly searchParam: readonly { readonly name: string; readonly type: string }[];
  /** `Source:parameter`, what `_include` takes. */
  readonly searchInclude: readonly string[];
  /** `Source:parameter`, what `_revinclude` takes. */
  readonly searchRevInclude: readonly string[];
}

const COLUMN_TYPES: Readonly<Record<string, string>> = { _id: 'token', _lastUpdated: 'date' };

/** What works of search, for each type. */
export function searchCapabilities(
  definitions: SearchDefinitions,
): ReadonlyMap<string, SearchCapabilities> {
  const reverse = reverseIncludes(definitions);
  return new Map(
    definitions.types.map((type) => [
      type,
      {
        searchParam: parametersOf(type, definitions),
        searchInclude: referencesOf(type, definitions).map(({ name }) => `${type}:${name}`),
        searchRevInclude: reverse.get(type) ?? [],
      },
    ]),
  );
}

function parametersOf(
  type: string,
  definitions: SearchDefinitions,
): SearchCapabilities['searchParam'] {
  const columns = COLUMN_PARAMETERS.map((name) => ({ name, type: COLUMN_TYPES[name] ?? 'token' }));
  const indexed = [...definitions.parameters(type).values()].map(({ name, kind }) => ({
    name,
    type: kind,
  }));
  return [...columns, ...indexed];
}

function referencesOf(
  type: string,
  definitions: SearchDefinitions,
): readonly { readonly name: string; readonly targets: readonly string[] }[] {
  return [...definitions.parameters(type).values()].flatMap((parameter) =>
    parameter.kind === 'reference' ? [parameter] : [],
  );
}

function reverseIncludes(definitions: SearchDefinitions): ReadonlyMap<string, readonly string[]> {
  const reverse = new Map<string, string[]>();
  for (const source of definitions.types) {
    for (const { name, targets } of referencesOf(source, definitions)) {
      for (const target of targets) {
        const found = reverse.get(target) ?? [];
        found.push(`${source}:${name}`);
        reverse.set(target, found);
      }
    }
  }
  return reverse;
}
