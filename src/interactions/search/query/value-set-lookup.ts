import { BadRequest } from '../../../errors/fhir-error.js';
import type {
  SearchDefinitions,
  ValueParameter,
  ValueSetCodes,
} from '../definitions/search-definitions.js';
import type { SearchElement } from '../definitions/search-element.js';
import { boundedText } from '../index/normalized-text.js';
import { unescapeValue } from '../search-values.js';
import {
  allOf,
  anyOf,
  columnIs,
  inElements,
  type IndexLookup,
  type IndexTest,
} from './index-lookup.js';

/**
 * Rows that have a code of one of the value sets (`:in` of a token, FHIR R4, Search §3.1.1.4.10).
 *
 * @throws BadRequest 400 for a value set whose codes are not known: those are, that R4 requires for an element
 */
export function valueSetLookup(
  parameter: ValueParameter,
  values: readonly string[],
  definitions: SearchDefinitions,
): IndexLookup {
  const tests = values.map((value) => {
    const url = unescapeValue(value);
    const codes = definitions.valueSet(url);
    if (codes) return isMember(parameter, codes);
    throw new BadRequest(
      `The codes of the value set ${JSON.stringify(url.slice(0, 100))} are not known here; ` +
        'known are those that R4 defines and requires for its elements',
      'not-supported',
      parameter.name,
    );
  });
  return { table: 'search_token', test: anyOf(tests) };
}

/** A `code` does not say its system: where its definition does, only codes of that one count. */
function isMember({ elements }: ValueParameter, codes: ValueSetCodes): IndexTest {
  const systems = [...new Set(elements.map(({ system }) => system))];
  return anyOf(
    systems.map((system) => {
      const group: readonly SearchElement[] = elements.filter((e) => e.system === system);
      return inElements(group, system === undefined ? isCoded(codes) : isCode(codes[system]));
    }),
  );
}

function isCoded(codes: ValueSetCodes): IndexTest {
  return anyOf(
    Object.entries(codes).map(([system, list]) =>
      allOf([columnIs('system', boundedText(system)), isCode(list)]),
    ),
  );
}

function isCode(codes: readonly string[] = []): IndexTest {
  return (row, statement) => `${row}.code = ANY(${statement.bind(codes.map(boundedText))}::text[])`;
}
