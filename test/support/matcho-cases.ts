import fc from 'fast-check';
import type { Json, JsonObject } from '../../src/policy/json.js';
import { diceOf, type Dice } from './dice.js';

/** A pattern, what it is compared with, and where its paths look. */
export interface MatchoCase {
  readonly pattern: Json;
  readonly subject: Json | undefined;
  readonly context: JsonObject;
}

const KEYS = ['user', 'a', 'list', 'ref', 'resource/type'] as const;
const SCALARS: readonly Json[] = ['a', 'ab', ' ', 'Patient/p1', '1', 0, 1, true, false];
const REFERENCES: readonly Json[] = [
  'Patient/p1',
  '/Patient/p1/_history/2',
  { reference: 'Patient/p1' },
  { resourceType: 'Patient', id: 'p1' },
  { resourceType: 'Patient', id: 'p1', display: 'P' },
  { reference: 'Patient/p1', resourceType: 'Patient', id: 'p2' },
  { reference: 'Patient/p2', id: 'p1' },
  { reference: 'urn:uuid:1' },
  '#local',
  'https://example.org/Patient/p1',
  { resourceType: 'Patient', id: 'p1', active: true },
];
/** Regular expressions that mean the same everywhere, with a text that each finds itself in. */
const REGEXES: Readonly<Record<string, string>> = {
  '#a': 'ba',
  '#^a': 'ab',
  '#b$': 'ab',
  '#^[0-9]+$': '12',
  '#(?!a)b': 'b',
  '#^Patient/': 'Patient/p1',
};
const PATHS = ['.user', '.user.a', '.list', '.list.0', '.ref', '.a', '.resource/type', '.no.where'];

const scalar = fc.constantFrom(...SCALARS);
const reference = fc.constantFrom(...REFERENCES);
const path = fc.constantFrom(...PATHS);
const key = fc.constantFrom(...KEYS);

const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2, depthSize: 'small' },
    { arbitrary: scalar, weight: 4 },
    { arbitrary: reference, weight: 2 },
    { arbitrary: fc.constantFrom<Json>(null, '', [], {}), weight: 1 },
    { arbitrary: fc.array(tie('value'), { maxLength: 3 }), weight: 2 },
    { arbitrary: fc.dictionary(key, tie('value'), { maxKeys: 3 }), weight: 2 },
  ),
}));

const context: fc.Arbitrary<JsonObject> = fc.record(
  {
    user: fc.dictionary(key, value, { maxKeys: 2 }),
    list: fc.array(fc.oneof(scalar, reference), { maxLength: 3 }),
    ref: reference,
    a: scalar,
    'resource/type': scalar,
  },
  { requiredKeys: [] },
);

const { pattern } = fc.letrec<{ pattern: Json; object: JsonObject; list: Json[] }>((tie) => ({
  pattern: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    { arbitrary: scalar, weight: 3 },
    { arbitrary: fc.constantFrom('present?', 'nil?', 'not-blank?'), weight: 2 },
    { arbitrary: fc.constantFrom(...Object.keys(REGEXES)), weight: 2 },
    { arbitrary: path, weight: 3 },
    { arbitrary: tie('object'), weight: 10 },
    { arbitrary: tie('list'), weight: 1 },
  ),
  list: fc.array(tie('pattern'), { minLength: 1, maxLength: 3 }),
  object: fc.oneof(
    fc.dictionary(key, tie('pattern'), { minKeys: 1, maxKeys: 3 }),
    fc.oneof(path, fc.array(scalar, { minLength: 1, maxLength: 3 })).map(($enum) => ({ $enum })),
    fc.oneof(path, tie('list')).map((some) => ({ '$one-of': some })),
    tie('pattern').map(($contains) => ({ $contains })),
    tie('pattern').map(($every) => ({ $every })),
    tie('pattern').map(($not) => ({ $not })),
    tie('pattern').map(($not) => ({ $not: { $not } })),
    tie('list').map((all) => ({ '$present-all': all })),
    fc.nat({ max: 3 }).map(($length) => ({ $length })),
    tie('pattern').map(($reference) => ({ $reference })),
    fc.constantFrom({ $reference: { id: 'p1' } }, { $reference: 'Patient/p1' }),
    fc
      .record(
        { $not: tie('pattern'), a: tie('pattern'), '$one-of': tie('list') },
        { requiredKeys: [] },
      )
      .filter((siblings) => Object.keys(siblings).length > 0),
  ),
}));

/** Cases that match about as often as not: subjects are made to fit, and some of them then broken. */
export const matchoCase: fc.Arbitrary<MatchoCase> = fc
  .record({ pattern, context, junk: value, seed: fc.nat(), isRequest: fc.boolean() })
  .map(({ pattern: written, context: around, junk, seed, isRequest }) => {
    const dice = diceOf(seed);
    const fitting = fit(written, around, junk, dice);
    const subject = dice(10) < 4 ? broken(fitting, junk, dice) : fitting;
    const isOwnContext = isRequest && dice(2) === 0 && isMap(subject);
    return {
      pattern: written,
      subject,
      context: isOwnContext ? structuredClone({ ...around, ...subject }) : around,
    };
  });

/** A value that probably matches the pattern. */
function fit(written: Json, around: JsonObject, junk: Json, dice: Dice): Json | undefined {
  const again = (part: Json): Json => fit(part, around, junk, dice) ?? null;
  if (Array.isArray(written)) return written.map(again);
  if (isMap(written)) return fitMap(written, around, junk, dice);
  return typeof written === 'string' ? fitText(written, around, junk, dice) : written;
}

function fitText(written: string, around: JsonObject, junk: Json, dice: Dice): Json | undefined {
  if (written === 'present?' || written === 'not-blank?') return 'a';
  if (written === 'nil?') return dice(2) === 0 ? null : undefined;
  if (written.startsWith('.')) return at(around, written) ?? junk;
  return written.startsWith('#') ? REGEXES[written] : written;
}

function fitMap(written: JsonObject, around: JsonObject, junk: Json, dice: Dice): Json | undefined {
  let made: Json | undefined = {};
  for (const [name, part] of Object.entries(written)) {
    if (name.startsWith('$')) made = fitOperator(name, part, { around, junk, dice });
    else if (isMap(made)) made = { ...made, [name]: fit(part, around, junk, dice) ?? null };
  }
  return made;
}

function fitOperator(
  name: string,
  part: Json,
  { around, junk, dice }: { around: JsonObject; junk: Json; dice: Dice },
): Json | undefined {
  const again = (some: Json): Json => fit(some, around, junk, dice) ?? null;
  switch (name) {
    case '$enum':
    case '$one-of':
      return fitChoice(part, at(around, part), dice, again) ?? junk;
    case '$contains':
      return dice(2) === 0 ? [junk, again(part)] : [again(part)];
    case '$every':
      return [again(part), again(part)];
    case '$present-all':
      return Array.isArray(part) ? part.map(again).reverse() : junk;
    case '$length':
      return Array.from({ length: Number(part) }, () => junk);
    case '$not':
      return fitNegation(part, again) ?? junk;
    default:
      return fitReference(again(part), dice);
  }
}

function fitChoice(
  part: Json,
  found: Json | undefined,
  dice: Dice,
  again: (some: Json) => Json,
): Json | undefined {
  const choices = typeof part === 'string' ? found : part;
  const list: readonly Json[] = Array.isArray(choices) ? (choices as Json[]) : [];
  const choice = list[dice(list.length)];
  return typeof part === 'string' || choice === undefined ? choice : again(choice);
}

/** Two negations are the pattern; of one, whatever comes. */
function fitNegation(part: Json, again: (some: Json) => Json): Json | undefined {
  return isMap(part) && '$not' in part ? again(part['$not'] ?? null) : undefined;
}

function fitReference(made: Json, dice: Dice): Json {
  const id = isMap(made) && typeof made['id'] === 'string' ? made['id'] : 'p1';
  const forms: readonly Json[] = [
    ...[made, `Patient/${id}`, { reference: `Patient/${id}` }],
    { resourceType: 'Patient', id },
  ];
  return forms[dice(forms.length)] ?? made;
}

/** The value with something in it replaced, removed or emptied. */
function broken(made: Json | undefined, junk: Json, dice: Dice): Json | undefined {
  const isContainer = typeof made === 'object' && made !== null && Object.keys(made).length > 0;
  if (!isContainer || dice(4) === 0) return [junk, undefined, null, REFERENCES[dice(9)]][dice(4)];
  if (Array.isArray(made)) {
    const list = made as readonly Json[];
    const place = dice(list.length);
    return list.map((item, index) => (index === place ? (broken(item, junk, dice) ?? null) : item));
  }
  const entries = Object.entries(made as JsonObject);
  const place = dice(entries.length);
  return Object.fromEntries(
    entries.flatMap(([name, part], index): [string, Json][] => {
      const next = index === place ? broken(part, junk, dice) : part;
      return next === undefined ? [] : [[name, next]];
    }),
  );
}

function at(around: JsonObject, written: Json): Json | undefined {
  if (typeof written !== 'string') return undefined;
  let found: Json | undefined = around;
  for (const segment of written.slice(1).split('.')) {
    found =
      typeof found === 'object' && found !== null && Object.hasOwn(found, segment)
        ? (found as JsonObject)[segment]
        : undefined;
  }
  // A copy: in a request, no two places hold one and the same object.
  return found === undefined ? undefined : structuredClone(found);
}

function isMap(some: Json | undefined): some is JsonObject {
  return typeof some === 'object' && some !== null && !Array.isArray(some);
}
