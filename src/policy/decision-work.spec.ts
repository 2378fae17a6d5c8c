import type { AccessRequest } from './access-request.js';
import { decide, evaluationOf, type Decision } from './decide.js';
import { inEvaluationOrder } from './evaluation-order.js';
import type { JsonObject } from './json.js';
import { DecisionWork } from './matcho/work-limit.js';
import { parsePolicy } from './parse-policy.js';

const SLOW = '^/fhir/[A-Za-z]+/.*(?:a|ab)*x[a-z]{20}$';
const LONG: AccessRequest = { uri: `/fhir/Patient/${'ab'.repeat(6_000)}` };
const SHORT: AccessRequest = { uri: '/fhir/Patient/ab' };

const slow = { engine: 'matcho', matcho: { uri: `#${SLOW}` } };
const slowSchema = {
  engine: 'json-schema',
  schema: { required: ['uri'], properties: { uri: { type: 'string', pattern: SLOW } } },
};
const cheap = { engine: 'matcho', matcho: { uri: '#^/fhir/Patient/a' } };

const many = (policy: JsonObject, count: number): JsonObject[] =>
  Array.from({ length: count }, (_, at) => ({ id: `p${String(at).padStart(3, '0')}`, ...policy }));

const decided = async (
  policies: readonly JsonObject[],
  request: AccessRequest,
): Promise<Decision> =>
  decide(inEvaluationOrder(policies.map((policy) => parsePolicy(policy))), request, {
    administration: false,
  });

const outcomesOf = ({ considered }: Decision): readonly string[] =>
  considered.map(({ outcome }) => outcome);

describe('the work of a decision', () => {
  it.each([
    ['matcho', slow],
    ['json-schema', slowSchema],
    ['complex', { engine: 'complex', and: [slow] }],
  ])('is bounded for all policies of engine %s together', async (_engine, policy) => {
    const outcomes = outcomesOf(await decided(many(policy, 100), LONG));

    expect(outcomes[0]).toBe('fails');
    expect(outcomes.at(-1)).toBe('error');
    expect(outcomesOf(await decided(many(policy, 100), SHORT))).not.toContain('error');
  });

  it('is bounded for the policies of several engines together', async () => {
    const schema = { ...slowSchema, id: 'schema' };

    expect(outcomesOf(await decided([...many(slow, 100), schema], LONG)).at(-1)).toBe('error');
    expect(outcomesOf(await decided([...many(slow, 1), schema], LONG)).at(-1)).toBe('fails');
  });

  it('leaves a little for each policy, whatever the others took', async () => {
    const decision = await decided([...many(slow, 100), { id: 'z', ...cheap }], {
      ...LONG,
      headers: { 'x-team': 'a' },
    });
    const other = { id: 'z', engine: 'matcho', matcho: { headers: { 'x-team': 'a' } } };

    expect(decision).toMatchObject({ effect: 'deny' });
    expect(
      await decided([...many(slow, 100), other], { ...LONG, headers: { 'x-team': 'a' } }),
    ).toMatchObject({ effect: 'allow', policyId: 'z' });
  });

  it('counts the rules of a complex policy as one', () => {
    const rules = Array.from({ length: 100 }, () => slow);
    const policy = parsePolicy({ id: 'a', engine: 'complex', or: rules });

    expect(evaluationOf(policy, LONG, false).outcome).toBe('error');
    expect(evaluationOf(policy, SHORT, false).outcome).toBe('fails');
  });

  it('is told from what one comparison takes', () => {
    const spent = new DecisionWork();
    expect(() => {
      spent.spend(2_000_000);
    }).toThrow('the policies of this decision take too much work');

    expect(evaluationOf(parsePolicy(many(slow, 1)[0] ?? {}), LONG, false, spent)).toEqual({
      policyId: 'p000',
      applies: true,
      outcome: 'error',
      error: 'the policies of this decision take too much work on this request',
    });
  });
});

describe('the work of one comparison', () => {
  const text = { engine: 'matcho', matcho: { uri: '#^(?:[ab]*a[ab]{900})$' } };

  it('is bounded: a text that takes more does not match, under $not neither', () => {
    const negated = { engine: 'matcho', matcho: { uri: { $not: text.matcho.uri } } };
    const outcome = (policy: JsonObject, uri: string): string =>
      evaluationOf(parsePolicy(policy), { uri }, false).outcome;

    expect(outcome(text, 'ab'.repeat(20_000))).toBe('fails');
    expect(outcome(negated, 'ab'.repeat(20_000))).toBe('fails');
    expect(outcome(negated, 'ab'.repeat(200))).toBe('holds');
  });

  it('takes nothing for an expression that begins otherwise than the text', async () => {
    const elsewhere = { engine: 'matcho', matcho: { uri: '#^/other/.*(?:a|ab)*x[a-z]{20}$' } };

    expect(outcomesOf(await decided(many(elsewhere, 100), LONG))).not.toContain('error');
  });
});
