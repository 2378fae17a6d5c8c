import { Node } from '../fhirpath/item.js';
import type { Occurrence } from './occurrences.js';
import type { ProfileNode, Slicing } from './profile-node.js';
import type { SliceScope } from './slice-matcher.js';
import { slicedValues, type SlicedValues } from './sliced-values.js';

const LISTS = { types: [], constraints: [], children: [], slices: [], unsupported: [] };
const RULES: Slicing = {
  discriminators: [{ type: 'value', path: '$this' }],
  isClosed: false,
  isOpenAtEnd: false,
  isOrdered: false,
};
const SCOPE: SliceScope = {
  evaluate: (_expression, node) => [node],
  holds: (_compare, value, wanted) => value === wanted,
  codes: () => undefined,
  typesOf: () => undefined,
  referencedType: () => undefined,
};

function elementWith(slicing: Partial<Slicing>, ...fixed: readonly string[]): ProfileNode {
  const node = (more: object): ProfileNode => ({ name: 'e', min: 0, max: 9, ...LISTS, ...more });
  const slices = fixed.map((value) => node({ sliceName: value, fixed: value }));
  return node({ slices, slicing: { ...RULES, ...slicing } });
}

const valued = (value: string): Occurrence => ({
  node: new Node(value, 'string', undefined),
  steps: [],
});
const textOf = ({ node }: Occurrence) => node.value;

/** The values in their slices, and how often others had their turn. */
function told(element: ProfileNode, values: readonly string[], isDue = false) {
  const work = { scope: SCOPE, turns: { isDue: () => isDue } };
  const steps = slicedValues(element, values.map(valued), work);
  let turns = 0;
  let step = steps.next();
  for (; !step.done; step = steps.next()) turns += 1;
  return { turns, found: step.value as SlicedValues };
}

describe('slicedValues', () => {
  it('puts each value into the first slice that it belongs to', () => {
    const { found } = told(elementWith({}, 'a', 'b', 'a'), ['b', 'a', 'x', 'a']);

    expect(found.slices.map(({ members }) => members.map(textOf))).toEqual([['a', 'a'], ['b'], []]);
    expect(found.problems).toEqual([]);
  });

  it.each<[string, Partial<Slicing>, string[], number[]]>([
    ['none', {}, ['b', 'x', 'a', 'b', 'a'], []],
    [
      'what is behind a later slice, if ordered',
      { isOrdered: true },
      ['b', 'x', 'a', 'b', 'a'],
      [2, 4],
    ],
    [
      'what is behind none, if open at the end',
      { isOpenAtEnd: true },
      ['b', 'x', 'a', 'y', 'b'],
      [2, 4],
    ],
    [
      'both, if ordered and open at the end',
      { isOrdered: true, isOpenAtEnd: true },
      ['b', 'a', 'x', 'y', 'b'],
      [1, 4],
    ],
    ['what is in no slice, if closed', { isClosed: true }, ['b', 'x', 'a', 'y'], [1, 3]],
  ])('finds misplaced %s', (_what, slicing, values, misplaced) => {
    const occurrences = values.map(valued);
    const work = { scope: SCOPE, turns: { isDue: () => false } };
    const { value } = slicedValues(elementWith(slicing, 'a', 'b'), occurrences, work).next();
    const { problems } = value as SlicedValues;

    expect(problems.map(({ occurrence }) => occurrences.indexOf(occurrence))).toEqual(misplaced);
  });

  it('lets others have their turn before each slice is read and each value compared with it', () => {
    const element = elementWith({}, 'a', 'b');

    expect(told(element, ['x', 'y', 'a'], true).turns).toBe(2 + 2 + 2 + 1);
    expect(told(element, ['x', 'y', 'a'], false).turns).toBe(0);
  });
});
