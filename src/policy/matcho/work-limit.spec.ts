import { DecisionWork, Undecidable, WorkLimit, WorkSpent } from './work-limit.js';

const COMPARISON = 200_000;
const DECISION = 5 * COMPARISON;
const OWN = 1_000;

/** Spends what must be left for all policies of a decision, and no more is. */
function expectLeft(work: DecisionWork, units: number): void {
  work.spend(units);
  expect(() => {
    work.spend(1);
  }).toThrow(WorkSpent);
}

describe('the work of a decision', () => {
  it('is as much as five comparisons may take, and no more', () => {
    expectLeft(new DecisionWork(), DECISION);
  });

  it('is not touched by what a policy has of its own', () => {
    const work = new DecisionWork();
    const policy = work.ofPolicy();
    policy.spend(400);
    policy.spend(OWN - 400);

    expectLeft(work, DECISION);
  });

  it('is taken by what a policy needs beyond that', () => {
    const work = new DecisionWork();
    const policy = work.ofPolicy();
    policy.spend(OWN + 300);
    policy.spend(20);
    work.ofPolicy().spend(OWN + 5);

    expectLeft(work, DECISION - 325);
  });

  it('leaves each policy its own when it is spent', () => {
    const work = new DecisionWork();
    expect(() => {
      work.spend(DECISION + 1);
    }).toThrow(WorkSpent);
    const policy = work.ofPolicy();
    policy.spend(OWN);

    expect(() => {
      policy.spend(1);
    }).toThrow(WorkSpent);
  });
});

describe('the work of one comparison', () => {
  it('is bounded by itself', () => {
    const work = new WorkLimit();
    work.spend(COMPARISON);

    expect(() => {
      work.spend(1);
    }).toThrow(Undecidable);
  });

  it('counts for the policy that it is of', () => {
    const decision = new DecisionWork();
    const policy = decision.ofPolicy();
    new WorkLimit(policy).spend(OWN);
    new WorkLimit(policy).spend(7);

    expectLeft(decision, DECISION - 7);
  });
});

it.each([
  ['Undecidable', new Undecidable()],
  ['WorkSpent', new WorkSpent()],
])('%s is told by its name', (name, error) => {
  expect(String(error)).toMatch(`${name}: the `);
});
