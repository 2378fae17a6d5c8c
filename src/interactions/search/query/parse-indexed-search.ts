import { BadRequest } from '../../../errors/fhir-error.js';
import {
  DEFAULT_COUNT,
  parseCount,
  RESULT_PARAMETERS,
  single,
  type QueryParams,
} from '../parse-search.js';
import type { InlineSearch } from '../search-query.js';
import { conditionOf, type CriteriaContext } from './criteria.js';
import { parseInclude, type Include } from './includes.js';
import { readCursor, type PageCursor } from './page-cursor.js';
import { elementsShape, summaryShape, type ResultShape } from './result-shape.js';
import type { RowCondition } from './search-statement.js';
import { parseSort, type SortKey } from './sort-keys.js';

/** A search of clinical resources that was understood. */
export interface IndexedSearch {
  /** Version of the definitions that it was read by, as resources must be indexed by them. */
  readonly indexedBy: string;
  /** Types that are searched for. */
  readonly types: readonly string[];
  readonly conditions: readonly RowCondition[];
  readonly includes: readonly Include[];
  readonly sort: readonly SortKey[];
  readonly count: number;
  readonly after: PageCursor | undefined;
  /** Whether the number of all matches is wanted. */
  readonly isCounted: boolean;
  readonly shape: ResultShape;
  /** Searches of other types that are part of it; whoever asks must be allowed each (spec §9). */
  readonly inline: readonly InlineSearch[];
}

/** What searches are read with. */
export type IndexedSearchContext = Omit<CriteriaContext, 'inline'>;

/** Parameters that are read where the answer is rendered. */
const RENDERING: ReadonlySet<string> = new Set(['_format', '_pretty']);
const MAX_CRITERIA = 50;
const MAX_INCLUDES = 20;
/** Each takes a decision. */
const MAX_INLINE = 300;
/** Of what they ask for, all together; each repeats the text of its criterion. */
const MAX_INLINE_CHARACTERS = 256 * 1024;

/**
 * Reads a search of clinical types.
 *
 * @param scope further conditions, such as a compartment
 * @throws BadRequest 400 for every parameter that is unknown, unsupported, empty or unparsable (spec §9): a
 * policy may have been satisfied by it, so dropping it would answer more than was allowed
 */
export function parseIndexedSearch(
  params: QueryParams,
  types: readonly string[],
  context: IndexedSearchContext,
  scope: readonly RowCondition[] = [],
): IndexedSearch {
  const reading = { ...context, inline: [] };
  const criteria = Object.entries(params).flatMap(([name, given]) =>
    RESULT_PARAMETERS.includes(name) ? [] : textsOf(name, given).map((text) => ({ name, text })),
  );
  if (criteria.length > MAX_CRITERIA) {
    throw new BadRequest(`A search takes ${MAX_CRITERIA} criteria at most`, 'too-costly');
  }
  const conditions = criteria.map((criterion) => conditionOf(criterion, types, reading));
  const result = resultOf(params, types, reading);
  assertAffordable(reading.inline);
  return {
    ...result,
    indexedBy: context.definitions.version,
    types,
    conditions: [...scope, ...conditions],
    inline: reading.inline,
  };
}

function assertAffordable(inline: readonly InlineSearch[]): void {
  if (inline.length > MAX_INLINE) {
    throw new BadRequest(
      'The search leads to too many types; narrow references to one, as in subject:Patient',
      'too-costly',
    );
  }
  const lengths = inline.flatMap(({ query }) => Object.values(query).flat()).map((v) => v.length);
  if (lengths.reduce((sum, length) => sum + length, 0) > MAX_INLINE_CHARACTERS) {
    throw new BadRequest('The values of chains and _has are too long together', 'too-costly');
  }
}

function resultOf(
  params: QueryParams,
  types: readonly string[],
  context: CriteriaContext,
): Omit<IndexedSearch, 'indexedBy' | 'types' | 'conditions' | 'inline'> {
  const one = (name: string) => {
    const given = Object.hasOwn(params, name) ? params[name] : undefined;
    return given === undefined ? undefined : nonEmpty(name, single(name, given));
  };
  for (const name of RENDERING) one(name);
  const sortText = one('_sort');
  const sort = sortText === undefined ? [] : parseSort(sortText, types, context.definitions);
  const after = one('_after');
  const summary = one('_summary');
  const isCountOnly = summary === 'count';
  return {
    includes: includesOf(params, types, context),
    sort,
    count: isCountOnly ? 0 : parseCount(one('_count') ?? String(DEFAULT_COUNT)),
    after: after === undefined ? undefined : readCursor(after, sort),
    isCounted: isTotalWanted(one('_total')) || isCountOnly,
    shape: shapeOf(summary, one('_elements'), types, context),
  };
}

function shapeOf(
  summary: string | undefined,
  elements: string | undefined,
  types: readonly string[],
  { definitions }: CriteriaContext,
): ResultShape {
  if (summary !== undefined && elements !== undefined) {
    throw new BadRequest('_summary and _elements exclude each other', 'invalid', '_elements');
  }
  if (elements !== undefined) return elementsShape(elements, types, definitions);
  return summary === undefined || summary === 'count' ? { kind: 'whole' } : summaryShape(summary);
}

function isTotalWanted(total: string | undefined): boolean {
  switch (total) {
    case 'none':
      return false;
    case undefined:
    case 'estimate':
    case 'accurate':
      return true;
    default:
      throw new BadRequest('_total takes none, estimate or accurate', 'value', '_total');
  }
}

function includesOf(
  params: QueryParams,
  types: readonly string[],
  context: CriteriaContext,
): readonly Include[] {
  const given = INCLUDES.flatMap((name) => {
    const texts = Object.hasOwn(params, name) ? params[name] : undefined;
    return texts === undefined ? [] : textsOf(name, texts).map((text) => ({ name, text }));
  });
  if (given.length > MAX_INCLUDES) {
    throw new BadRequest(`A search takes ${MAX_INCLUDES} includes at most`, 'too-costly');
  }
  const distinct = new Map(given.map((include) => [`${include.name}=${include.text}`, include]));
  return [...distinct.values()].flatMap(({ name, text }) => {
    const kind = { isReverse: name.startsWith('_rev'), isIterating: name.endsWith(':iterate') };
    return parseInclude(kind, nonEmpty(name, text), types, context);
  });
}

const INCLUDES = ['_include', '_include:iterate', '_revinclude', '_revinclude:iterate'] as const;

function textsOf(name: string, given: string | readonly string[]): readonly string[] {
  const texts = [given].flat();
  if (texts.length === 0) throw new BadRequest(`${name.slice(0, 100)} has no value`, 'value');
  return texts;
}

function nonEmpty(name: string, text: string): string {
  if (text.trim() !== '') return text;
  throw new BadRequest(`${name} is empty`, 'value', name);
}
