import { BadRequest } from '../../../errors/fhir-error.js';
import {
  isExactObject,
  parseExact,
  stringifyExact,
  type ExactJson,
  type ExactObject,
} from '../../formats/exact-json.js';
import type { SearchDefinitions } from '../definitions/search-definitions.js';

/** Which elements of the resources are answered (FHIR R4, Search §3.1.1.5.8 and §3.1.1.5.9). */
export type ResultShape =
  | { readonly kind: 'whole' }
  | { readonly kind: 'elements'; readonly names: readonly string[] }
  | { readonly kind: 'summary' }
  | { readonly kind: 'text' }
  | { readonly kind: 'data' };

/** An element of the definitions, `a.b[x]!*` taken apart. */
interface ListedElement {
  readonly path: string;
  readonly isChoice: boolean;
  readonly isMandatory: boolean;
  readonly isSummary: boolean;
}

/** Says that elements are missing (http://terminology.hl7.org/CodeSystem/v3-ObservationValue). */
const SUBSETTED = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue',
  code: 'SUBSETTED',
};
const MAX_ELEMENTS = 200;
const ALWAYS = ['id', 'meta', 'implicitRules'];

/** @throws BadRequest 400 for what `_summary` does not take; `count` is no shape, see the caller */
export function summaryShape(value: string): ResultShape {
  switch (value) {
    case 'true':
      return { kind: 'summary' };
    case 'text':
      return { kind: 'text' };
    case 'data':
      return { kind: 'data' };
    case 'false':
      return { kind: 'whole' };
    default:
      throw new BadRequest('_summary takes true, text, data, count or false', 'value', '_summary');
  }
}

/** @throws BadRequest 400 for an element that none of the types has */
export function elementsShape(
  text: string,
  types: readonly string[],
  definitions: SearchDefinitions,
): ResultShape {
  const names = text.split(',', MAX_ELEMENTS + 1).map((name) => name.trim());
  if (names.length > MAX_ELEMENTS) {
    throw new BadRequest(`_elements takes ${MAX_ELEMENTS} at most`, 'too-costly', '_elements');
  }
  const known = types.flatMap((type) => listed(definitions, type));
  const unknown = names.find((name) => !known.some((element) => isAt(element, name)));
  if (unknown === undefined) return { kind: 'elements', names };
  throw new BadRequest(
    `_elements takes elements of ${types.join(', ').slice(0, 100)}, not ${JSON.stringify(unknown.slice(0, 100))}`,
    'value',
    '_elements',
  );
}

/** The text of a resource in a shape; mandatory elements stay, and a tag says that others are missing. */
export function shaped(
  text: string,
  type: string,
  shape: ResultShape,
  definitions: SearchDefinitions,
): string {
  if (shape.kind === 'whole') return text;
  const resource = parseExact(text);
  if (!isExactObject(resource)) return text;
  const elements = listed(definitions, type);
  const kept: ExactObject = {};
  for (const [property, value] of Object.entries(resource)) {
    const name = property.replace(/^_/, '');
    if (name === 'resourceType') kept[property] = value;
    else if (isKept(name, elements, shape)) {
      kept[property] = shape.kind === 'summary' ? inSummary(value, name, elements) : value;
    }
  }
  return stringifyExact({ ...kept, meta: subsetted(kept['meta']) });
}

function isKept(name: string, elements: readonly ListedElement[], shape: ResultShape): boolean {
  const element = elements.find((one) => isAt(one, name));
  if (ALWAYS.includes(name)) return true;
  if (shape.kind === 'data') return name !== 'text';
  if (element?.isMandatory === true) return true;
  switch (shape.kind) {
    case 'whole':
      return true;
    case 'summary':
      return element?.isSummary === true;
    case 'text':
      return name === 'text';
    case 'elements':
      return shape.names.some((wanted) => wanted === name || (element && isAt(element, wanted)));
  }
}

/** Of an element whose children are listed, those that are. */
function inSummary(value: ExactJson, path: string, elements: readonly ListedElement[]): ExactJson {
  if (!elements.some((element) => element.path.startsWith(`${path}.`))) return value;
  if (Array.isArray(value)) return value.map((item) => inSummary(item, path, elements));
  if (!isExactObject(value)) return value;
  const children = Object.entries(value).flatMap(([property, child]): [string, ExactJson][] => {
    const inner = `${path}.${property.replace(/^_/, '')}`;
    const isListed = elements.some((element) => isAt(element, inner));
    return isListed ? [[property, inSummary(child, inner, elements)]] : [];
  });
  return Object.fromEntries(children);
}

function subsetted(meta: ExactJson | undefined): ExactJson {
  const own = isExactObject(meta) ? meta : {};
  const tags = Array.isArray(own['tag']) ? own['tag'] : [];
  return { ...own, tag: [...tags, { ...SUBSETTED }] };
}

/** A choice, `value[x]`, is named so, without its end, or with a type. */
function isAt({ path, isChoice }: ListedElement, name: string): boolean {
  if (name === path) return true;
  if (!isChoice || !name.startsWith(path)) return false;
  const rest = name.slice(path.length);
  return rest === '[x]' || /^[A-Z]\w*$/.test(rest);
}

const LISTS = new WeakMap<SearchDefinitions, Map<string, readonly ListedElement[]>>();

function listed(definitions: SearchDefinitions, type: string): readonly ListedElement[] {
  const lists = LISTS.get(definitions) ?? new Map<string, readonly ListedElement[]>();
  LISTS.set(definitions, lists);
  const list =
    lists.get(type) ??
    definitions.elementList(type).map((notation) => ({
      path: notation.replace(/[!*]+$/, '').replace(/\[x\]$/, ''),
      isChoice: notation.includes('[x]'),
      isMandatory: notation.includes('!'),
      isSummary: notation.includes('*'),
    }));
  lists.set(type, list);
  return list;
}
