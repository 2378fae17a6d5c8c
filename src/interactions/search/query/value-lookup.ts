import { BadRequest } from '../../../errors/fhir-error.js';
import type { ValueKind, ValueParameter } from '../definitions/search-definitions.js';
import { hasSlot, type IndexLookup } from './index-lookup.js';
import { dateLookup, numberLookup, quantityLookup } from './range-lookups.js';
import { referenceLookup, referring } from './reference-lookup.js';
import { stringLookup, tokenTextLookup, uriLookup } from './text-lookups.js';
import { referenceIdentifierLookup, tokenLookup, typedIdentifierLookup } from './token-lookup.js';

/** Modifiers that work, by kind of parameter; a reference takes the names of its targets as well. */
export const MODIFIERS: Readonly<Record<ValueKind, readonly string[]>> = {
  date: ['missing'],
  number: ['missing'],
  quantity: ['missing'],
  reference: ['identifier', 'missing'],
  string: ['contains', 'exact', 'missing'],
  token: ['in', 'missing', 'not', 'not-in', 'of-type', 'text'],
  uri: ['above', 'below', 'missing'],
};

/** Rows of any value of a parameter. */
export function presenceLookup(parameter: ValueParameter): IndexLookup {
  const { kind, elements } = parameter;
  const table = elements[0]?.table;
  if (table === undefined) throw new Error(`A ${kind} parameter looks at nothing`);
  if (kind === 'reference') return { table, test: referring(parameter, () => 'true') };
  return { table, test: hasSlot(elements.map(({ slot }) => slot)) };
}

/**
 * Rows that have one of the values.
 *
 * @param modifier one that compares with values: not `missing`, `not`, `in` or `not-in`
 * @throws BadRequest 400 for a modifier that the parameter does not take, or a value that cannot be read
 */
export function valueLookup(
  parameter: ValueParameter,
  modifier: string | undefined,
  values: readonly string[],
  baseUrl: string,
): IndexLookup {
  switch (parameter.kind) {
    case 'date':
      return dateLookup(withoutModifier(parameter, modifier), values);
    case 'number':
      return numberLookup(withoutModifier(parameter, modifier), values);
    case 'quantity':
      return quantityLookup(withoutModifier(parameter, modifier), values);
    case 'string':
      return stringLookup(parameter, oneOf(['contains', 'exact'], parameter, modifier), values);
    case 'uri':
      return uriLookup(parameter, oneOf(['above', 'below'], parameter, modifier), values);
    case 'token':
      if (modifier === 'of-type') return typedIdentifierLookup(parameter, values);
      if (modifier === 'text') return tokenTextLookup(parameter, values);
      return tokenLookup(withoutModifier(parameter, modifier), values);
    case 'reference':
      if (modifier === 'identifier') return referenceIdentifierLookup(parameter, values);
      return referenceLookup(
        parameter,
        oneOf(parameter.targets, parameter, modifier),
        values,
        baseUrl,
      );
  }
}

function oneOf<Known extends string>(
  known: readonly Known[],
  parameter: ValueParameter,
  modifier: string | undefined,
): Known | undefined {
  const found = known.find((one) => one === modifier);
  if (found === undefined && modifier !== undefined) throw unknownModifier(parameter, modifier);
  return found;
}

/** The refusal of a modifier that does not work with a parameter. */
export function unknownModifier(
  { name, kind }: { readonly name: string; readonly kind: ValueKind | 'composite' | 'column' },
  modifier: string,
): BadRequest {
  const known = kind === 'composite' || kind === 'column' ? [] : MODIFIERS[kind];
  const instead =
    known.length === 0 ? 'it takes none' : `it takes ${known.map((m) => `:${m}`).join(', ')}`;
  return new BadRequest(
    `${name} does not take the modifier :${modifier.slice(0, 50)}; ${instead}`,
    'not-supported',
    name,
  );
}

function withoutModifier(parameter: ValueParameter, modifier: string | undefined): ValueParameter {
  if (modifier === undefined) return parameter;
  throw unknownModifier(parameter, modifier);
}
