import {
  SearchDefinitions,
  type ValueKind,
  type WrittenDefinitions,
  type WrittenParameter,
} from '../../interactions/search/definitions/search-definitions.js';
import { R4Definitions } from './r4-definitions.js';
import r4 from './r4-search.json' with { type: 'json' };

/** A search parameter that R4 does not define, of a server that is not this one. */
export interface FurtherParameter {
  readonly type: string;
  readonly name: string;
  readonly kind: ValueKind;
  /** Types that a reference may lead to; empty for other kinds. */
  readonly targets: readonly string[];
}

/** A type of element for each kind, since what the other server looks at is not known here. */
const ELEMENTS: Readonly<Record<ValueKind, string>> = {
  date: 'dateTime',
  number: 'decimal',
  quantity: 'Quantity',
  reference: 'Reference',
  string: 'string',
  token: 'Coding',
  uri: 'uri',
};

/**
 * The search parameters of FHIR R4 (4.0.1), and the value sets that it requires for its elements.
 *
 * @param further those that are read besides; nothing is found by them here
 * @throws Error for a type that R4 has not, and for a parameter that it has
 */
export function r4SearchDefinitions(further: readonly FurtherParameter[] = []): SearchDefinitions {
  const written: WrittenDefinitions = r4;
  const definitions = new R4Definitions();
  const valueSet = (url: string) => definitions.valueSet(url)?.systems;
  if (further.length === 0) return new SearchDefinitions(written, valueSet);
  const types = { ...written.types };
  for (const parameter of further) {
    const { type, name, targets } = parameter;
    const unknown = [type, ...targets].find((one) => !Object.hasOwn(types, one));
    if (unknown !== undefined) throw new Error(`${unknown}.${name}: R4 has no such type`);
    const known = types[type];
    if (!known || isDefined(written, known.parameters, name)) {
      throw new Error(`${type}.${name}: R4 has this search parameter`);
    }
    types[type] = { ...known, parameters: { ...known.parameters, [name]: asWritten(parameter) } };
  }
  return new SearchDefinitions({ ...written, types }, valueSet);
}

function isDefined(
  { common }: WrittenDefinitions,
  parameters: Readonly<Record<string, WrittenParameter>>,
  name: string,
): boolean {
  return Object.hasOwn(common, name) || Object.hasOwn(parameters, name);
}

function asWritten({ name, kind, targets }: FurtherParameter): WrittenParameter {
  return { kind, paths: [`further-${name}`.replaceAll('-', '_') + `:${ELEMENTS[kind]}`], targets };
}
