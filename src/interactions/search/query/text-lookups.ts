import { BadRequest } from '../../../errors/fhir-error.js';
import type { ValueParameter } from '../definitions/search-definitions.js';
import { facetSlot } from '../definitions/search-element.js';
import { normalizedText } from '../index/normalized-text.js';
import { unescapeValue } from '../search-values.js';
import {
  allOf,
  anyOf,
  escapedPattern,
  hasSlot,
  inElements,
  longColumnBegins,
  longColumnIs,
  type IndexLookup,
  type IndexTest,
} from './index-lookup.js';

const MAX_SEGMENTS = 50;
/** What is looked for within texts costs its length at every place of them. */
const MAX_CONTAINED = 200;

/** Rows of texts that begin with one of the values; contain one; or are one, letter by letter. */
export function stringLookup(
  { name, elements }: ValueParameter,
  modifier: 'contains' | 'exact' | undefined,
  values: readonly string[],
): IndexLookup {
  const tests = values.map((value) => {
    const exact = unescapeValue(value);
    const normalized = comparable(name, value);
    if (modifier === 'contains' && normalized.length > MAX_CONTAINED) {
      const diagnostics = `${name}:contains takes ${MAX_CONTAINED} characters at most`;
      throw new BadRequest(diagnostics, 'too-costly', name);
    }
    return stringTest(modifier, normalized, exact);
  });
  return { table: 'search_string', test: inElements(elements, anyOf(tests)) };
}

function stringTest(
  modifier: 'contains' | 'exact' | undefined,
  normalized: string,
  exact: string,
): IndexTest {
  switch (modifier) {
    case undefined:
      return longColumnBegins('value', normalized);
    case 'exact':
      return allOf([
        longColumnIs('value', normalized),
        (row, statement) => `${row}.exact = ${statement.bind(exact)}`,
      ]);
    case 'contains':
      return (row, statement) =>
        `${row}.value LIKE ${statement.bind(`%${escapedPattern(normalized)}%`)}`;
  }
}

/** Types of elements whose codes have texts. */
const WITH_TEXT: ReadonlySet<string> = new Set(['CodeableConcept', 'Coding', 'Identifier']);

/** Rows of texts beside codes that begin with one of the values (`:text` of a token). */
export function tokenTextLookup(
  { name, elements }: ValueParameter,
  values: readonly string[],
): IndexLookup {
  const slots = elements
    .filter(({ type }) => WITH_TEXT.has(type))
    .map((element) => facetSlot(element, 'text'));
  if (slots.length === 0) {
    throw new BadRequest(`${name} has no text beside its codes`, 'not-supported', name);
  }
  const tests = values.map((value) => stringTest(undefined, comparable(name, value), value));
  return { table: 'search_string', test: allOf([hasSlot(slots), anyOf(tests)]) };
}

function comparable(name: string, value: string): string {
  const normalized = normalizedText(unescapeValue(value));
  if (normalized !== '') return normalized;
  throw new BadRequest(`${name} has nothing to compare with`, 'value', name);
}

/** Rows of URIs that are one of the values; lie below one; or lie above one (FHIR R4, Search §3.1.1.4.14). */
export function uriLookup(
  { name, elements }: ValueParameter,
  modifier: 'above' | 'below' | undefined,
  values: readonly string[],
): IndexLookup {
  const tests = values.map(unescapeValue).map((value) => uriTest(name, modifier, value));
  return { table: 'search_uri', test: inElements(elements, anyOf(tests)) };
}

function uriTest(name: string, modifier: 'above' | 'below' | undefined, value: string): IndexTest {
  switch (modifier) {
    case undefined:
      return longColumnIs('value', value);
    case 'below':
      return anyOf([
        longColumnIs('value', value),
        longColumnBegins('value', value.endsWith('/') ? value : `${value}/`),
      ]);
    case 'above':
      return anyOf(ancestors(name, value).map((url) => longColumnIs('value', url)));
  }
}

/** The URL and all that it lies below, with and without a slash at the end. */
function ancestors(name: string, url: string): readonly string[] {
  const segments = url.split('/', MAX_SEGMENTS + 1);
  if (segments.length > MAX_SEGMENTS) {
    throw new BadRequest(`${name} has more than ${MAX_SEGMENTS} segments`, 'too-costly', name);
  }
  const above = segments.slice(1).flatMap((_, at) => {
    const ancestor = segments.slice(0, at + 1).join('/');
    return [ancestor, `${ancestor}/`];
  });
  return [url, ...above];
}
