import { BadRequest } from '../../../errors/fhir-error.js';
import type { ValueParameter } from '../definitions/search-definitions.js';
import { referenceParameter, shown, type CriteriaContext } from './criteria.js';
import { referring } from './reference-lookup.js';
import type { SearchStatement } from './search-statement.js';

/** Resources to add to the matches (FHIR R4, Search §3.1.1.5.4). */
export interface Include {
  /** Whether what refers to a match is added, rather than what a match refers to. */
  readonly isReverse: boolean;
  /** Whether it holds for what was included, too. */
  readonly isIterating: boolean;
  /** Type of the resources that refer. */
  readonly source: string;
  readonly parameter: ValueParameter;
  /** Types of the resources that are referred to. */
  readonly targets: readonly string[];
}

const NOTATION = /^([A-Za-z]+):([^:.]+)(?::([A-Za-z]+))?$/;

/**
 * Reads `Source:parameter[:Target]`, in which `*` stands for every parameter that refers; alone, for those of
 * each type.
 *
 * @param types those that are searched for
 * @throws BadRequest 400 for what is unknown, and for what no match could lead to
 */
export function parseInclude(
  kind: { readonly isReverse: boolean; readonly isIterating: boolean },
  text: string,
  types: readonly string[],
  context: CriteriaContext,
): readonly Include[] {
  if (text !== '*' || kind.isReverse) return [parseOne(kind, text, types, context)];
  return types.map((type) => parseOne(kind, `${type}:*`, types, context));
}

function parseOne(
  kind: { readonly isReverse: boolean; readonly isIterating: boolean },
  text: string,
  types: readonly string[],
  context: CriteriaContext,
): Include {
  const name = kind.isReverse ? '_revinclude' : '_include';
  const [, source, base, target] = NOTATION.exec(text) ?? [];
  if (source === undefined || base === undefined) throw unreadable(name);
  const parameter = parameterIn(base, source, context);
  if (target !== undefined && !parameter.targets.includes(target)) {
    throw new BadRequest(`${source}:${base} does not lead to ${shown(target)}`, 'value', name);
  }
  const targets = target === undefined ? parameter.targets : [target];
  const include = { ...kind, source, parameter, targets };
  if (!isPossible(include, types)) {
    throw new BadRequest(`${name}=${shown(text)} leads from none of the matches`, 'value', name);
  }
  for (const type of endsOf(include)) context.inline.push({ type, query: {} });
  return include;
}

function parameterIn(name: string, source: string, context: CriteriaContext): ValueParameter {
  if (name === '*') return allReferences(source, context);
  return referenceParameter(name, [source], context);
}

/** Every parameter of a type that refers, as one. @throws BadRequest 400 for a type that has none */
function allReferences(source: string, { definitions }: CriteriaContext): ValueParameter {
  const references = [...definitions.parameters(source).values()].flatMap((parameter) =>
    parameter.kind === 'reference' ? [parameter] : [],
  );
  if (references.length === 0) {
    throw new BadRequest(`${shown(source)} refers to nothing`, 'value', '_include');
  }
  return {
    name: '*',
    kind: 'reference',
    elements: references.flatMap(({ elements }) => elements),
    targets: [...new Set(references.flatMap(({ targets }) => targets))],
  };
}

function unreadable(name: string): BadRequest {
  return new BadRequest(`${name} takes Source:parameter or Source:parameter:Target`, 'value', name);
}

/** Whether one of the matches can lead anywhere; what iterates may begin at what another include added. */
function isPossible(include: Include, types: readonly string[]): boolean {
  return include.isIterating || startsOf(include).some((type) => types.includes(type));
}

/** Types of the resources to which others are added. */
function startsOf({ isReverse, source, targets }: Include): readonly string[] {
  return isReverse ? targets : [source];
}

/** Types of the resources that includes add, each once. */
export function typesIncluded(includes: readonly Include[]): readonly string[] {
  return [...new Set(includes.flatMap(endsOf))];
}

/** Types of the resources that are added. */
function endsOf({ isReverse, source, targets }: Include): readonly string[] {
  return isReverse ? [source] : targets;
}

/** The rows that an include adds for the row `from`, which has `is_match`; columns as those of `page`. */
export function includedRows(include: Include, from: string, statement: SearchStatement): string {
  const { isReverse, isIterating, parameter, targets } = include;
  const reference = statement.alias();
  const resource = statement.alias();
  const join = isReverse
    ? `${resource}.search_key = ${reference}.search_key`
    : `${resource}.resource_type = ${reference}.target_type AND ${resource}.id = ${reference}.target_id`;
  const leads = isReverse
    ? `${reference}.target_type = ${from}.resource_type AND ${reference}.target_id = ${from}.id
       AND ${from}.resource_type = ANY(${statement.bind(targets)}::text[])`
    : `${reference}.search_key = ${from}.search_key`;
  const conditions = [
    leads,
    `(${referring(parameter, () => 'true')(reference, statement)})`,
    statement.visible(resource, endsOf(include)),
    ...(isIterating ? [] : [`${from}.is_match`]),
  ];
  return `SELECT ${resource}.search_key, ${resource}.resource_type, ${resource}.id
    FROM search_reference ${reference} JOIN clinical_resource ${resource} ON ${join}
   WHERE ${conditions.join(' AND ')}`;
}
