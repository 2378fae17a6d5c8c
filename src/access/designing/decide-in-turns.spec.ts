import fc from 'fast-check';
import { policies, request } from '../../../test/support/policy-cases.js';
import { decide } from '../../policy/decide.js';
import { inEvaluationOrder } from '../../policy/evaluation-order.js';
import { parsePolicy } from '../../policy/parse-policy.js';
import type { Policy } from '../../policy/policy.js';
import type { SqlPredicate } from '../../policy/sql-predicate.js';
import type { SqlDialect } from '../../policy/sql/sql-dialect.js';
import { Turns } from '../turns.js';
import { decideInTurns } from './decide-in-turns.js';
import { evaluateAll } from './evaluate-all.js';

/** Reads any text as a SELECT of one constant. */
const CONSTANT = { ResTarget: { val: { A_Const: {} } } };
const DIALECT: SqlDialect = {
  relations: new Set(),
  parse: () => ({
    kind: 'tree',
    tree: { stmts: [{ stmt: { SelectStmt: { targetList: [CONSTANT] } } }] },
  }),
};

const OPTIONS = { administration: false };

/** So many that none of them is the last in evaluation order by chance. */
const MANY: readonly Policy[] = Array.from({ length: 500 }, (_, at) =>
  parsePolicy({
    id: `p${String(at).padStart(3, '0')}`,
    engine: 'matcho',
    matcho: { uri: `/${at}` },
  }),
);

/** A clock by which every look at it is a turn later. */
function hastyTurns(): Turns {
  let nowMs = 0;
  return new Turns(() => (nowMs += 1_000));
}

/** How often others are served until something is done. */
async function servedDuring(work: Promise<unknown>): Promise<number> {
  let served = 0;
  let isDone = false;
  const serve = (): void => {
    served += 1;
    if (!isDone) setImmediate(serve);
  };
  setImmediate(serve);
  await work;
  isDone = true;
  return served;
}

describe('a decision in turns', () => {
  it('is the decision of all policies at once', async () => {
    await fc.assert(
      fc.asyncProperty(policies, request, fc.boolean(), async (written, asked, administration) => {
        const parsed = written.map((policy) => parsePolicy(policy));
        const options = { administration };

        expect(await decideInTurns(parsed, asked, options, hastyTurns())).toEqual(
          await decide(inEvaluationOrder(parsed), asked, options),
        );
      }),
      { numRuns: 1_000 },
    );
  });

  it('serves others in between, and stops at the policy that allows', async () => {
    const asked = { uri: '/400' };
    const deciding = decideInTurns(MANY, asked, OPTIONS, hastyTurns());

    expect(await servedDuring(deciding)).toBeGreaterThanOrEqual(400);
    const decision = await deciding;
    expect(decision).toMatchObject({ effect: 'allow', policyId: 'p400' });
    expect(decision.considered).toHaveLength(401);
  });

  it('gives the SQL of all policies the time of one decision', async () => {
    const budgets: object[] = [];
    const holds: SqlPredicate['holds'] = (_id, _query, budget) => {
      budgets.push(budget);
      return Promise.resolve(false);
    };
    const asking = ['a', 'b', 'c'].map((id) =>
      parsePolicy({ id, engine: 'sql', sql: { query: 'SELECT 1' } }, DIALECT),
    );

    await decideInTurns(asking, {}, { ...OPTIONS, sql: { holds } });

    expect(budgets).toHaveLength(3);
    expect(new Set(budgets).size).toBe(1);
  });
});

describe('what all policies say', () => {
  const never = { isSpent: false, share: () => Promise.resolve() };

  it('has every policy in order, and takes over what is known', async () => {
    const known = [{ policyId: 'p002', applies: true, outcome: 'error', error: 'known' }] as const;
    const { evaluations, isComplete } = await evaluateAll(
      MANY.slice(0, 4),
      { uri: '/1' },
      OPTIONS,
      known,
      never,
    );

    expect(isComplete).toBe(true);
    expect(evaluations.map(({ id, reason }) => [id, reason])).toEqual([
      ...[['p000', 'mismatch'], ['p001', null]], // prettier-ignore
      ...[['p002', 'error'], ['p003', 'mismatch']], // prettier-ignore
    ]);
  });

  it('shares the time after each, and is cut where there is none left', async () => {
    let shared = 0;
    const allowance = {
      get isSpent() {
        return shared === 3;
      },
      share: async () => {
        shared += 1;
      },
    };
    const cut = await evaluateAll(MANY, {}, OPTIONS, [], allowance);

    expect(cut.isComplete).toBe(false);
    expect(cut.evaluations.map(({ id }) => id)).toEqual(['p000', 'p001', 'p002']);
  });

  it('shows little of a large value, however many policies found it', async () => {
    const body = { text: 'x'.repeat(10_000), list: Array.from({ length: 1_000 }, () => 1) };
    const policy = parsePolicy({ id: 'b', engine: 'matcho', matcho: { body: 'text' } });
    const { evaluations } = await evaluateAll([policy], { body }, OPTIONS, [], never);
    const shown = JSON.stringify(evaluations);

    expect(shown.length).toBeLessThan(2_000);
    expect(shown).toContain('…');
    expect(evaluations[0]?.['mismatch']).toMatchObject({ path: ['body'], expected: 'text' });
  });
});
