import { decide, evaluationOf, evaluationWithSql, type Decision } from './decide.js';
import { inEvaluationOrder } from './evaluation-order.js';
import type { JsonObject } from './json.js';
import { parsePolicy } from './parse-policy.js';
import type { SqlPredicate } from './sql-predicate.js';
import type { SqlDialect } from './sql/sql-dialect.js';
import type { SqlQuery } from './sql/sql-statement.js';

/** Reads any text as a SELECT of one constant: what is allowed in a statement is tested elsewhere. */
const CONSTANT = { ResTarget: { val: { A_Const: {} } } };
const DIALECT: SqlDialect = {
  relations: new Set(['patient']),
  parse: () => ({
    kind: 'tree',
    tree: { stmts: [{ stmt: { SelectStmt: { targetList: [CONSTANT] } } }] },
  }),
};

/** A database that answers by the text of a statement, and remembers what it was asked. */
class Database implements SqlPredicate {
  readonly asked: string[] = [];
  readonly budgets: object[] = [];

  async holds(_policyId: string, { text }: SqlQuery, budget: object): Promise<boolean> {
    this.asked.push(text);
    this.budgets.push(budget);
    if (text === 'fail') throw new Error('took longer than 500 ms');
    return text === 'yes';
  }
}

const sql = (query: string, rest: JsonObject = {}): JsonObject => ({
  engine: 'sql',
  sql: { query },
  ...rest,
});
const matcho = (uri: string): JsonObject => ({ engine: 'matcho', matcho: { uri } });
const complex = (operator: 'and' | 'or', ...rules: JsonObject[]): JsonObject => ({
  engine: 'complex',
  [operator]: rules,
});

async function decided(
  policies: readonly JsonObject[],
): Promise<{ decision: Decision; asked: string[] }> {
  const database = new Database();
  const parsed = policies.map((policy, at) => parsePolicy({ id: `p${at}`, ...policy }, DIALECT));
  const options = { administration: false, sql: database };
  const decision = await decide(inEvaluationOrder(parsed), { uri: '/a' }, options);
  return { decision, asked: database.asked };
}

describe('decide, with SQL', () => {
  it('answers at once when nothing asks the database, and when something cheaper allows', () => {
    const parsed = [sql('yes'), matcho('/a')].map((policy) => parsePolicy(policy, DIALECT));
    const options = { administration: false, sql: new Database() };

    expect(decide(parsed, { uri: '/a' }, options)).toMatchObject({ effect: 'allow' });
    expect(decide(parsed.slice(1), { uri: '/b' }, options)).toMatchObject({ effect: 'deny' });
    expect(decide(parsed, { uri: '/b' }, options)).toBeInstanceOf(Promise);
  });

  it.each([
    ['allows by a query that holds', [sql('yes')], 'p0', ['yes']],
    ['denies by one that does not', [sql('no')], undefined, ['no']],
    ['goes on after one that fails', [sql('fail'), sql('yes')], 'p1', ['fail', 'yes']],
    ['asks nothing when something cheaper allows', [sql('yes'), matcho('/a')], 'p1', []],
    ['asks nothing after the first that holds', [sql('yes'), sql('no')], 'p0', ['yes']],
    [
      'does not ask for a policy that does not apply',
      [sql('yes', { roleName: 'r' })],
      undefined,
      [],
    ],
    ['does not ask for a draft', [sql('yes', { status: 'draft' })], undefined, []],
    ['asks plain SQL last', [sql('no'), complex('or', sql('yes'))], 'p1', ['yes']],
    [
      'takes a complex rule without SQL first',
      [complex('or', sql('yes')), complex('or', matcho('/a'))],
      'p1',
      [],
    ],
    ['asks last within "or"', [complex('or', sql('yes'), matcho('/a'))], 'p0', []],
    ['asks last within "and"', [complex('and', sql('yes'), matcho('/b'))], undefined, []],
    [
      'asks for each rule of "and"',
      [complex('and', sql('yes'), matcho('/a'), sql('no'))],
      undefined,
      ['yes', 'no'],
    ],
    ['holds when all of "and" hold', [complex('and', sql('yes'), matcho('/a'))], 'p0', ['yes']],
    [
      'goes on within "or" after a failure',
      [complex('or', sql('fail'), sql('yes'))],
      'p0',
      ['fail', 'yes'],
    ],
    [
      'fails within "and" by a failure',
      [complex('and', sql('fail'), sql('yes'))],
      undefined,
      ['fail'],
    ],
    ['asks at any depth', [complex('or', complex('and', matcho('/a'), sql('yes')))], 'p0', ['yes']],
  ])('%s', async (_what, policies, allowedBy, expected) => {
    const { decision, asked } = await decided(policies);

    expect(decision.effect === 'allow' ? decision.policyId : undefined).toBe(allowedBy);
    expect(asked).toEqual(expected);
  });

  it.each<[string, JsonObject, object]>([
    ['a query that does not hold', sql('no'), { outcome: 'fails', mismatch: { but: false } }],
    ['a query that fails', sql('fail'), { outcome: 'error', error: 'took longer than 500 ms' }],
    ['"or" of one that fails', complex('or', sql('fail')), { outcome: 'error' }],
    ['"or" of one that does not hold', complex('or', sql('no')), { outcome: 'fails' }],
    ['"or" of both', complex('or', sql('no'), sql('fail')), { outcome: 'error' }],
    [
      '"or" of a rule that cannot be evaluated without the database either',
      complex('or', { engine: 'json-schema', schema: { $ref: '#' } }, sql('no')),
      { outcome: 'error' },
    ],
  ])('says of %s why it did not decide', async (_what, policy, said) => {
    const { decision } = await decided([policy]);

    expect(decision).toMatchObject({
      effect: 'deny',
      reason: 'no-policy',
      considered: [{ policyId: 'p0', applies: true, ...said }],
    });
  });

  it('says that a policy that would have asked does not apply', async () => {
    const { decision } = await decided([sql('yes', { roleName: 'r' })]);

    expect(decision.considered).toEqual([
      { policyId: 'p0', applies: false, outcome: 'inapplicable', reason: 'roleName' },
    ]);
  });

  it('has one budget for a decision, another for the next, and the same for those that share it', async () => {
    const database = new Database();
    const policies = [sql('no'), sql('fail')].map((policy) => parsePolicy(policy, DIALECT));
    const request = { uri: '/a' };
    const own = { administration: false, sql: database };
    const shared = { ...own, budget: {} };
    for (const options of [own, own, shared, shared]) await decide(policies, request, options);

    const [first, , second, , third] = database.budgets;
    expect(database.budgets).toHaveLength(8);
    expect(database.budgets.map((budget) => [first, second, third].indexOf(budget))).toEqual([
      0, 0, 1, 1, 2, 2, 2, 2,
    ]);
    expect(third).toBe(shared.budget);
  });

  it('counts SQL as false where there is no database, and says so', async () => {
    const policy = parsePolicy(sql('yes'), DIALECT);

    const decision = await decide([policy], {}, { administration: false });

    expect(decision).toMatchObject({
      effect: 'deny',
      considered: [{ outcome: 'error', error: 'SQL cannot be evaluated here' }],
    });
    expect(evaluationOf(policy, {}, false).outcome).toBe('error');
  });

  it('speaks of administration by link and roleName only', async () => {
    const [global, linked] = [sql('yes'), sql('yes', { link: [{ reference: 'User/u' }] })];
    const options = { administration: true, sql: new Database() };
    const request = { user: { id: 'u' } };
    const outcome = async (source: JsonObject) =>
      (await evaluationWithSql(parsePolicy(source, DIALECT), request, options)).outcome;

    await expect(outcome(global)).resolves.toBe('not-administrative');
    await expect(outcome(linked)).resolves.toBe('holds');
  });

  it('is refused where there is no dialect, at any depth', () => {
    expect(() => parsePolicy(sql('yes'))).toThrow('AccessPolicy.engine');
    expect(() => parsePolicy(complex('or', matcho('/a'), sql('yes')))).toThrow(
      'AccessPolicy.or[1].engine: engine sql is not available on this server',
    );
  });
});
