import { BadRequest } from '../../../errors/fhir-error.js';
import type { ValueParameter } from '../definitions/search-definitions.js';
import { facetSlot, type SearchElement } from '../definitions/search-element.js';
import { boundedText } from '../index/normalized-text.js';
import { typedCode } from '../index/token-values.js';
import { parseToken, splitUnescaped, unescapeValue, type Token } from '../search-values.js';
import {
  allOf,
  anyOf,
  columnIs,
  hasSlot,
  inElements,
  type IndexLookup,
  type IndexTest,
} from './index-lookup.js';

/** Rows that have one of the tokens, `[system|]code` (FHIR R4, Search §3.1.1.4.10). */
export function tokenLookup(parameter: ValueParameter, values: readonly string[]): IndexLookup {
  const isFlag = parameter.elements.every(({ type }) => type === 'boolean' || type === 'Deceased');
  const tokens = values.map((value) => {
    const token = parseToken(value);
    if (isFlag && !['true', 'false'].includes(token.value)) {
      throw new BadRequest(`${parameter.name} is true or false`, 'value', parameter.name);
    }
    return token;
  });
  return { table: 'search_token', test: anyOf(tokens.map((token) => hasToken(parameter, token))) };
}

/** Rows of identifiers of a type and value, `system|code|value` (`:of-type`). */
export function typedIdentifierLookup(
  parameter: ValueParameter,
  values: readonly string[],
): IndexLookup {
  const identifiers = parameter.elements.filter(({ type }) => type === 'Identifier');
  if (identifiers.length === 0) {
    throw new BadRequest(`${parameter.name} is no identifier: it has no :of-type`, 'not-supported');
  }
  const slots = identifiers.map((element) => facetSlot(element, 'of-type'));
  const tests = values.map((value) => {
    const [system, code, number, ...others] = splitUnescaped(value, '|').map(unescapeValue);
    if (!system || !code || !number || others.length > 0) {
      throw new BadRequest('of-type takes system|code|value', 'value', parameter.name);
    }
    return allOf([
      columnIs('code', typedCode(code, number)),
      columnIs('system', boundedText(system)),
    ]);
  });
  return { table: 'search_token', test: allOf([hasSlot(slots), anyOf(tests)]) };
}

/** Rows of references that say whom they mean by an identifier (`:identifier`). */
export function referenceIdentifierLookup(
  { elements }: ValueParameter,
  values: readonly string[],
): IndexLookup {
  const slots = elements.map((element) => facetSlot(element, 'identifier'));
  const tests = values.map((value) => codedTest(parseToken(value)));
  return { table: 'search_token', test: allOf([hasSlot(slots), anyOf(tests)]) };
}

function hasToken({ elements }: ValueParameter, token: Token): IndexTest {
  const systems = [...new Set(elements.map(({ system }) => system))];
  return anyOf(
    systems.flatMap((system) => {
      const test = system === undefined ? codedTest(token) : impliedTest(token, system);
      const group: readonly SearchElement[] = elements.filter((e) => e.system === system);
      return test ? [inElements(group, test)] : [];
    }),
  );
}

function codedTest({ system, value }: Token): IndexTest {
  const isCode = value === '' ? [] : [columnIs('code', boundedText(value))];
  if (system === undefined) return allOf(isCode);
  // `|value` asks for what has no system at all.
  const isSystem: IndexTest =
    system === '' ? (row) => `${row}.system IS NULL` : columnIs('system', boundedText(system));
  return allOf([...isCode, isSystem]);
}

/** A `code` does not say its system, but its definition does. */
function impliedTest({ system, value }: Token, implied: string): IndexTest | undefined {
  if (system !== undefined && system !== '' && system !== implied) return undefined;
  return value === '' ? (row) => `${row}.code IS NOT NULL` : columnIs('code', boundedText(value));
}
