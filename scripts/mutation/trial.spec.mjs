import { batchesOf, replaceTests, Trial } from './trial.mjs';

/** Runs what a trial wants; `fails` says whether a test would, with a mutant that is on or 0. */
function run(mutants, testCount, fails) {
  const outcomes = {};
  const ran = [];
  const trial = new Trial(mutants, (id, status) => Object.assign(outcomes, { [id]: status }));
  trial.hasBegun = true;
  for (let ordinal = 0; ordinal < testCount; ordinal += 1) {
    for (const copy of trial.copiesOf(ordinal)) {
      const on = copy.role === 'control' ? 0 : copy.mutant.id;
      ran.push(`${String(ordinal)} with ${String(on)}`);
      const failure = fails(ordinal, on, ran.length);
      const isEndless = failure === 'endless';
      trial.judge(copy, { hasFailed: failure === true, isEndless });
    }
  }
  const idsOf = (list) => list.map(({ id }) => id);
  const { open, again } = trial.rest();
  return { outcomes, ran, open: idsOf(open), again: idsOf(again) };
}

const two = [
  { id: 7, tests: [0, 1] },
  { id: 8, tests: [1] },
];

describe('a trial', () => {
  it('kills what fails a test that passes without it, and runs no more of its tests', () => {
    const { outcomes, ran, open } = run(two, 2, (_, on) => on === 7);

    expect(outcomes).toEqual({ 7: 'killed' });
    expect(ran).toEqual(['0 with 7', '0 with 0', '0 with 7', '1 with 8']);
    expect(open).toEqual([8]);
  });

  it('runs every test that reaches a mutant until one fails', () => {
    const { outcomes } = run(two, 2, (ordinal, on) => ordinal === 1 && on !== 0);

    expect(outcomes).toEqual({ 7: 'killed', 8: 'killed' });
  });

  it('counts an endless mutant as timed out, whether its test fails or not', () => {
    const { outcomes } = run(two, 2, (_, on) => on === 8 && 'endless');

    expect(outcomes).toEqual({ 8: 'timed out' });
  });

  it('leaves open what fails once only', () => {
    const { outcomes, open } = run(two, 2, (ordinal, on, count) => count === 1);

    expect(outcomes).toEqual({});
    expect(open).toEqual([7, 8]);
  });

  it('learns nothing more once a test fails without a mutant', () => {
    const { outcomes, ran, open, again } = run(two, 2, (ordinal) => ordinal === 0);

    expect(outcomes).toEqual({});
    expect(ran).toEqual(['0 with 7', '0 with 0']);
    expect(open).toEqual([7]);
    expect(again).toEqual([8]);
  });

  it('keeps what it found before that', () => {
    const { outcomes, open, again } = run(
      [{ id: 6, tests: [0] }, ...two],
      2,
      (ordinal, on) => on === 6 || ordinal === 1,
    );

    expect(outcomes).toEqual({ 6: 'killed' });
    expect(open).toEqual([7]);
    expect(again).toEqual([8]);
  });

  it('leaves everything open when no test began', () => {
    const trial = new Trial(two, () => undefined);

    expect(trial.rest()).toEqual({ open: two, again: [] });
  });
});

describe('replaceTests', () => {
  it('numbers tests in the order in which they would run', () => {
    const test = (name) => ({ type: 'test', name });
    const block = (...children) => ({ type: 'describeBlock', children });
    const root = block(test('a'), block(test('b'), test('c')), test('d'));

    replaceTests(root, ({ name }, ordinal) => test(`${name}${String(ordinal)}`));

    expect(root).toEqual(block(test('a0'), block(test('b1'), test('c2')), test('d3')));
  });
});

describe('batchesOf', () => {
  it('begins another batch with another spec and when the tests are too many', () => {
    const of = (id, spec, count) => ({ id, spec, tests: Array.from({ length: count }, () => 0) });
    const mutants = [of(1, 'a', 2), of(2, 'a', 2), of(3, 'a', 1), of(4, 'b', 9), of(5, 'b', 1)];

    const ids = batchesOf(mutants, 4).map((batch) => batch.map(({ id }) => id));

    expect(ids).toEqual([[1, 2], [3], [4], [5]]);
  });
});
