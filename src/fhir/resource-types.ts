import type { IdentifierElement } from '../interactions/search/parameters.js';
import { R4_TYPES_BY_IDENTIFIER } from './r4-resource-types.js';

/** An element of type Identifier that the search parameter `identifier` of a type looks at. */
export interface IdentifierDefinition {
  readonly name: IdentifierElement;
  readonly isRepeating: boolean;
}

const DEFINITIONS: ReadonlyMap<string, IdentifierDefinition> = new Map([
  ['identifier', { name: 'identifier', isRepeating: false }],
  ['identifier[]', { name: 'identifier', isRepeating: true }],
  ['masterIdentifier', { name: 'masterIdentifier', isRepeating: false }],
]);

/**
 * The concrete resource types of FHIR R4 (4.0.1) by name, each with the elements that its search
 * parameter `identifier` looks at; with none where R4 has no such parameter.
 */
export const RESOURCE_TYPES: ReadonlyMap<string, readonly IdentifierDefinition[]> = new Map(
  Object.entries(R4_TYPES_BY_IDENTIFIER)
    .flatMap(([shapes, names]) => wordsOf(names).map((name) => entry(name, shapes)))
    .sort(([a], [b]) => (a < b ? -1 : 1)),
);

function entry(name: string, shapes: string): [string, readonly IdentifierDefinition[]] {
  const identifiers = wordsOf(shapes).map((shape) => {
    const definition = DEFINITIONS.get(shape);
    if (!definition) throw new Error(`${name} has an identifier of unknown shape ${shape}`);
    return definition;
  });
  return [name, identifiers];
}

function wordsOf(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
