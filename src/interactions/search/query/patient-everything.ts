import type { SearchDefinitions, ValueParameter } from '../definitions/search-definitions.js';
import { DEFAULT_COUNT } from '../parse-search.js';
import { CARE_DATES } from './care-dates.js';
import { columnCondition } from './column-conditions.js';
import { isInCompartment } from './compartment.js';
import { isNotFound } from './index-lookup.js';
import type { Include } from './includes.js';
import { readCursor } from './page-cursor.js';
import type { IndexedSearch, IndexedSearchContext } from './parse-indexed-search.js';
import type { RowCondition } from './search-statement.js';
import { valueLookup } from './value-lookup.js';

const PATIENT = 'Patient';

/** What of a patient's record is asked for (FHIR R4, operation `Patient/$everything`). */
export interface EverythingQuery {
  /** Types to answer. */
  readonly types: readonly string[];
  /** Care from this date on. */
  readonly start?: string | undefined;
  /** Care until this date. */
  readonly end?: string | undefined;
  /** Only what was written after this moment. */
  readonly since?: string | undefined;
  /** Matches on a page. */
  readonly count?: number | undefined;
  readonly after?: string | undefined;
}

/**
 * The search for a patient's record: the Patient, what is in its compartment, and what those refer to of types
 * that are in no patient's compartment, such as practitioners. What is in the compartment of another patient only
 * is never included; a Device or Task is in none, though it may name another patient, and is.
 *
 * It has no searches of other types within: who may have a record is decided for each type before.
 *
 * @throws BadRequest 400 for dates that cannot be read, and a cursor that is not of this search
 */
export function patientEverything(
  id: string,
  { types, start, end, since, count = DEFAULT_COUNT, after }: EverythingQuery,
  context: IndexedSearchContext,
): IndexedSearch {
  const { definitions } = context;
  const members = definitions.types.filter((type) => isOfPatients(type, definitions));
  const searched = members.filter((type) => types.includes(type));
  const include = referredBy(searched, types, definitions);
  const conditions = [
    isInCompartment(members, { type: PATIENT, id }, context),
    ...without('eb', start, context),
    ...without('sa', end, context),
    ...[since].flatMap((moment) => (moment === undefined ? [] : writtenAfter(moment))),
  ];
  return {
    indexedBy: definitions.version,
    types: searched,
    conditions,
    includes: include ? [include] : [],
    sort: [],
    count,
    after: after === undefined ? undefined : readCursor(after, []),
    isCounted: true,
    shape: { kind: 'whole' },
    inline: [],
  };
}

/** Whether resources of a type are in the compartments of patients, or patients themselves. */
function isOfPatients(type: string, definitions: SearchDefinitions): boolean {
  return type === PATIENT || definitions.compartmentParameters(PATIENT, type).length > 0;
}

/** Care that ended before a date, or began after it, is left out; what has no date of care is not. */
function without(
  prefix: 'eb' | 'sa',
  date: string | undefined,
  { definitions, baseUrl }: IndexedSearchContext,
): readonly RowCondition[] {
  if (date === undefined) return [];
  const name = prefix === 'eb' ? 'start' : 'end';
  const elements = Object.entries(CARE_DATES).flatMap(([type, parameter]) => {
    const found = definitions.parameters(type).get(parameter);
    return found && found.kind !== 'composite' ? found.elements : [];
  });
  const parameter: ValueParameter = { name, kind: 'date', elements, targets: [] };
  return [isNotFound(valueLookup(parameter, undefined, [`${prefix}${date}`], baseUrl))];
}

function writtenAfter(moment: string): readonly RowCondition[] {
  const condition = columnCondition('_lastUpdated', [`gt${moment}`]);
  return condition ? [condition] : [];
}

/** All references that can be searched by, as far as they lead to types that are in no patient's compartment. */
function referredBy(
  types: readonly string[],
  wanted: readonly string[],
  definitions: SearchDefinitions,
): Include | undefined {
  const references = types.flatMap((type) =>
    [...definitions.parameters(type).values()].flatMap((parameter) =>
      parameter.kind === 'reference' ? [parameter] : [],
    ),
  );
  const targets = [...new Set(references.flatMap((parameter) => parameter.targets))]
    .filter((type) => wanted.includes(type) && !isOfPatients(type, definitions))
    .sort();
  if (targets.length === 0) return undefined;
  const elements = references.flatMap((parameter) => parameter.elements);
  const parameter: ValueParameter = { name: '*', kind: 'reference', elements, targets };
  return { isReverse: false, isIterating: false, source: PATIENT, parameter, targets };
}
