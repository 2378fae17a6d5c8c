import { BadRequest } from '../../../errors/fhir-error.js';
import type { ValueParameter } from '../definitions/search-definitions.js';
import type { SearchElement } from '../definitions/search-element.js';
import { referenceTarget } from '../index/reference-target.js';
import { unescapeValue } from '../search-values.js';
import {
  allOf,
  anyOf,
  columnIs,
  inElements,
  longColumnIs,
  type IndexLookup,
  type IndexTest,
} from './index-lookup.js';

/** Passing over the version would answer more than was asked for. */
const VERSION = /[A-Z][A-Za-z]*\/[A-Za-z0-9\-.]{1,64}\/_history(?:\/|$)/;
const ID = /^[A-Za-z0-9\-.]{1,64}$/;

/**
 * Rows of references to one of the values: `id`, `Type/id`, or a URL (FHIR R4, Search §3.1.1.4.12).
 *
 * @param type of the target, where the modifier says it
 * @param baseUrl base of FHIR here
 */
export function referenceLookup(
  parameter: ValueParameter,
  type: string | undefined,
  values: readonly string[],
  baseUrl: string,
): IndexLookup {
  const tests = values.map((value) =>
    targetTest(parameter.name, unescapeValue(value), type, baseUrl),
  );
  return { table: 'search_reference', test: referring(parameter, anyOf(tests)) };
}

/** Rows of references of a parameter, as far as they lead to types that it takes. */
export function referring({ elements }: ValueParameter, test: IndexTest): IndexTest {
  const targets = [...new Set(elements.map(({ target }) => target))];
  return anyOf(
    targets.map((target) => {
      const group: readonly SearchElement[] = elements.filter((e) => e.target === target);
      const isTarget = target === undefined ? [] : [columnIs('target_type', target)];
      return inElements(group, allOf([...isTarget, test]));
    }),
  );
}

function targetTest(
  name: string,
  value: string,
  type: string | undefined,
  baseUrl: string,
): IndexTest {
  if (VERSION.test(value)) {
    const diagnostics = `${name} finds references to a resource, not to a version of it`;
    throw new BadRequest(diagnostics, 'not-supported', name);
  }
  const target = referenceTarget(value, baseUrl);
  if (target && 'id' in target) {
    if (type !== undefined && type !== target.type) {
      throw new BadRequest(`${name}:${type} cannot be ${target.type}/${target.id}`, 'value', name);
    }
    return allOf([columnIs('target_id', target.id), columnIs('target_type', target.type)]);
  }
  if (ID.test(value)) {
    const isId = columnIs('target_id', value);
    return type === undefined ? isId : allOf([isId, columnIs('target_type', type)]);
  }
  if (type !== undefined || !/^[a-z][a-z0-9+.-]*:/i.test(value)) {
    throw new BadRequest(`${name} takes an id, Type/id or a URL`, 'value', name);
  }
  return longColumnIs('url', value);
}
