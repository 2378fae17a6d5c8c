import { inEvaluationOrder } from './evaluation-order.js';
import type { JsonObject } from './json.js';
import { parsePolicy } from './parse-policy.js';
import type { SqlDialect } from './sql/sql-dialect.js';

/** Reads any text as a SELECT of one constant. */
const target = { ResTarget: { val: { A_Const: {} } } };
const DIALECT: SqlDialect = {
  relations: new Set(),
  parse: () => ({
    kind: 'tree',
    tree: { stmts: [{ stmt: { SelectStmt: { targetList: [target] } } }] },
  }),
};

const allow = { engine: 'allow' };
const sql = { engine: 'sql', sql: { query: 'SELECT true' } };
const rpc = { 'ns/read': { user: 'present?' } };

/** By cost, as spec §7 has it; a complex policy that asks the database between complex and sql. */
const BY_COST: readonly (readonly JsonObject[])[] = [
  [allow, { engine: 'allow-rpc', rpc: { 'ns/read': true } }],
  [
    { engine: 'matcho', matcho: { uri: '/x' } },
    { engine: 'matcho-rpc', rpc },
  ],
  [{ engine: 'json-schema', schema: { required: ['uri'] } }],
  [{ engine: 'complex', or: [allow] }],
  [{ engine: 'complex', or: [allow, sql] }],
  [sql],
];

const orderOf = (policies: readonly JsonObject[]): readonly string[] =>
  inEvaluationOrder(policies.map((policy) => parsePolicy(policy, DIALECT))).map(({ id }) => id);

describe('the order in which policies are considered', () => {
  const cheap = BY_COST.slice(0, -1);
  const pairs = cheap.flatMap((policies, at) =>
    policies.flatMap((policy) =>
      (BY_COST[at + 1] ?? []).map((other): [JsonObject, JsonObject] => [policy, other]),
    ),
  );

  it.each(pairs)('has %j before %j, whatever their ids', (cheaper, dearer) => {
    const policies = [
      { id: 'a', ...dearer },
      { id: 'b', ...cheaper },
    ];

    expect(orderOf(policies)).toEqual(['b', 'a']);
    expect(orderOf([...policies].reverse())).toEqual(['b', 'a']);
  });

  it.each(BY_COST)('goes by id among policies that cost the same: %j', (...same) => {
    const ids = ['c', 'a', 'B', 'b', 'aa'];
    const policies = ids.map((id, at) => ({ id, ...same[at % same.length] }));

    expect(orderOf(policies)).toEqual(['B', 'a', 'aa', 'b', 'c']);
    expect(orderOf([...policies].reverse())).toEqual(['B', 'a', 'aa', 'b', 'c']);
  });
});
