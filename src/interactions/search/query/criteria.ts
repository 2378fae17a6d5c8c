import { BadRequest } from '../../../errors/fhir-error.js';
import type { SearchDefinitions, ValueParameter } from '../definitions/search-definitions.js';
import type { InlineSearch } from '../search-query.js';
import { splitValues } from '../search-values.js';
import { columnCondition } from './column-conditions.js';
import { compositeCondition } from './composite-condition.js';
import { isFound, isNotFound } from './index-lookup.js';
import { parameterOf } from './parameter-of.js';
import { referring } from './reference-lookup.js';
import type { RowCondition } from './search-statement.js';
import { tokenLookup } from './token-lookup.js';
import { presenceLookup, unknownModifier, valueLookup } from './value-lookup.js';
import { valueSetLookup } from './value-set-lookup.js';

/** What criteria are read with. */
export interface CriteriaContext {
  readonly definitions: SearchDefinitions;
  /** Base of FHIR here, such as `https://example.org/fhir`. */
  readonly baseUrl: string;
  /** Collects the searches that are part of this one. */
  readonly inline: InlineSearch[];
}

/** One parameter of a search, `name=value`, with its modifier, chain or `_has`. */
export interface Criterion {
  readonly name: string;
  readonly text: string;
}

const MAX_VALUES = 100;
/** Types that one criterion may lead through. */
const MAX_LINKS = 4;
const HAS = /^_has:([A-Za-z]+):([^:.]+):(.+)$/s;
const CHAIN = /^([^:.]+)(?::([A-Za-z]+))?\.(.+)$/s;
const PLAIN = /^([^:.]+)(?::([^:.]+))?$/s;

/**
 * The condition that a resource of one of the types meets.
 *
 * @throws BadRequest 400 for everything that is unknown, empty or unparsable (spec §9)
 */
export function conditionOf(
  criterion: Criterion,
  types: readonly string[],
  context: CriteriaContext,
  depth = 0,
): RowCondition {
  const { name } = criterion;
  if (depth > MAX_LINKS) {
    throw new BadRequest(`A chain leads through ${MAX_LINKS} types at most`, 'too-costly');
  }
  const has = HAS.exec(name);
  if (has) return hasCondition(has, criterion, types, context, depth);
  const chain = CHAIN.exec(name);
  if (chain) return chainCondition(chain, criterion, types, context, depth);
  const [, base, modifier] = PLAIN.exec(name) ?? [];
  if (base === undefined)
    throw new BadRequest(`${shown(name)} is no search parameter`, 'not-supported');
  return plainCondition(base, modifier, criterion, types, context);
}

function plainCondition(
  base: string,
  modifier: string | undefined,
  { name, text }: Criterion,
  types: readonly string[],
  { definitions, baseUrl }: CriteriaContext,
): RowCondition {
  const values = valuesOf(name, text);
  const column = columnCondition(base, values);
  if (column && modifier === undefined) return column;
  if (column && modifier !== undefined)
    throw unknownModifier({ name: base, kind: 'column' }, modifier);
  const parameter = parameterOf(definitions, types, base);
  if (parameter.kind === 'composite') {
    if (modifier === undefined) return compositeCondition(parameter, values, baseUrl);
    throw unknownModifier(parameter, modifier);
  }
  if (modifier === 'missing') return missingCondition(parameter, values);
  const special =
    parameter.kind === 'token'
      ? tokenCondition(parameter, modifier, values, definitions)
      : undefined;
  return special ?? isFound(valueLookup(parameter, modifier, values, baseUrl));
}

/** The modifiers of a token that do not just find rows; `undefined` for all others. */
function tokenCondition(
  parameter: ValueParameter,
  modifier: string | undefined,
  values: readonly string[],
  definitions: SearchDefinitions,
): RowCondition | undefined {
  if (modifier === 'not') return isNotFound(tokenLookup(parameter, values));
  if (modifier !== 'in' && modifier !== 'not-in') return undefined;
  const lookup = valueSetLookup(parameter, values, definitions);
  return modifier === 'in' ? isFound(lookup) : isNotFound(lookup);
}

function missingCondition(parameter: ValueParameter, values: readonly string[]): RowCondition {
  const [value] = values;
  const { name } = parameter;
  if (values.length > 1 || (value !== 'true' && value !== 'false')) {
    throw new BadRequest(`${name}:missing is true or false`, 'value', name);
  }
  // That somebody is not dead is said by saying nothing.
  const isAlwaysThere = parameter.elements.some(({ type }) => type === 'Deceased');
  if (isAlwaysThere) throw unknownModifier(parameter, 'missing');
  const lookup = presenceLookup(parameter);
  return value === 'true' ? isNotFound(lookup) : isFound(lookup);
}

/** `subject:Patient.name=x`: the reference leads to a resource that meets the rest. */
function chainCondition(
  [, base = '', type, rest = '']: RegExpExecArray,
  { text }: Criterion,
  types: readonly string[],
  context: CriteriaContext,
  depth: number,
): RowCondition {
  const parameter = referenceParameter(base, types, context);
  const targets = chainTargets(parameter, type, rest, context);
  const criterion = { name: rest, text };
  for (const target of targets) context.inline.push({ type: target, query: { [rest]: text } });
  const condition = conditionOf(criterion, targets, context, depth + 1);
  return (row, statement) => {
    const reference = statement.alias();
    const target = statement.alias();
    return `${row}.search_key IN (
      SELECT ${reference}.search_key
        FROM search_reference ${reference} JOIN clinical_resource ${target}
          ON ${target}.resource_type = ${reference}.target_type AND ${target}.id = ${reference}.target_id
       WHERE ${referring(parameter, () => 'true')(reference, statement)}
         AND ${statement.visible(target, targets)} AND (${condition(target, statement)}))`;
  };
}

/** Without a type, all that have the next parameter; with one, that. */
function chainTargets(
  { name, targets }: ValueParameter,
  type: string | undefined,
  rest: string,
  { definitions }: CriteriaContext,
): readonly string[] {
  if (type !== undefined) {
    if (targets.includes(type)) return [type];
    throw new BadRequest(`${name} does not lead to ${shown(type)}`, 'value', name);
  }
  const next = /^[^:.]+/.exec(rest)?.[0] ?? '';
  const isCommon = next === '_has' || columnOrCommon(definitions, next);
  const able = targets.filter((target) => isCommon || definitions.parameters(target).has(next));
  if (able.length > 0) return able;
  throw new BadRequest(`Nothing that ${name} leads to has ${shown(next)}`, 'not-supported', name);
}

function columnOrCommon(definitions: SearchDefinitions, name: string): boolean {
  const [anyType = ''] = definitions.types;
  return (
    name.startsWith('_') &&
    (name === '_id' || name === '_lastUpdated' || definitions.parameters(anyType).has(name))
  );
}

/** `_has:Observation:patient:code=x`: a resource that meets the rest refers to this one. */
function hasCondition(
  [, type = '', base = '', rest = '']: RegExpExecArray,
  { text }: Criterion,
  types: readonly string[],
  context: CriteriaContext,
  depth: number,
): RowCondition {
  const parameter = referenceParameter(base, [type], context);
  const unreached = types.find((target) => !parameter.targets.includes(target));
  if (unreached !== undefined) {
    throw new BadRequest(`${type}:${base} does not lead to ${unreached}`, 'value', '_has');
  }
  context.inline.push({ type, query: { [rest]: text } });
  const condition = conditionOf({ name: rest, text }, [type], context, depth + 1);
  return (row, statement) => {
    const reference = statement.alias();
    const source = statement.alias();
    return `EXISTS (
      SELECT FROM search_reference ${reference} JOIN clinical_resource ${source}
          ON ${source}.search_key = ${reference}.search_key
       WHERE ${reference}.target_type = ${row}.resource_type AND ${reference}.target_id = ${row}.id
         AND ${referring(parameter, () => 'true')(reference, statement)}
         AND ${statement.visible(source, [type])} AND (${condition(source, statement)}))`;
  };
}

/** @throws BadRequest 400 when it is no parameter of the types, or none that refers */
export function referenceParameter(
  name: string,
  types: readonly string[],
  { definitions }: Pick<CriteriaContext, 'definitions'>,
): ValueParameter {
  const parameter = parameterOf(definitions, types, name);
  if (parameter.kind === 'reference') return parameter;
  throw new BadRequest(`${name} is no reference, so nothing can be reached by it`, 'value', name);
}

function valuesOf(name: string, text: string): readonly string[] {
  const values = splitValues(text, MAX_VALUES);
  if (values.length <= MAX_VALUES && values.every((value) => value.trim() !== '')) return values;
  throw new BadRequest(
    `${shown(name)} has an empty value, or more than ${MAX_VALUES}`,
    'value',
    shown(name),
  );
}

/** As much of what was sent as a message may repeat. */
export function shown(text: string): string {
  return text.slice(0, 100);
}
