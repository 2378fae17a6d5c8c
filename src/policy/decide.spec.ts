import { readFileSync } from 'node:fs';
import { prune, type AccessRequest } from './access-request.js';
import { decide, evaluationOf } from './decide.js';
import { inEvaluationOrder } from './evaluation-order.js';
import { InvalidPolicy } from './invalid-policy.js';
import type { JsonObject } from './json.js';
import { parsePolicy } from './parse-policy.js';

interface DecisionVector {
  readonly name: string;
  readonly policies: readonly JsonObject[];
  readonly request: JsonObject;
  readonly administration?: boolean;
  readonly effect: 'allow' | 'deny';
  readonly policyId?: string;
  readonly reason?: string;
}

interface RefusalVector {
  readonly name: string;
  readonly policy: JsonObject;
  readonly paths: readonly string[];
}

function vectors(file: string): unknown {
  return JSON.parse(readFileSync(`test/vectors/policies/${file}`, 'utf8'));
}

const decisions = vectors('decisions.json') as readonly DecisionVector[];
const refusals = vectors('refusals.json') as readonly RefusalVector[];

function pathsOf(policy: JsonObject): readonly string[] {
  try {
    parsePolicy(policy);
    return [];
  } catch (error) {
    if (error instanceof InvalidPolicy) return error.issues.map(({ path }) => path);
    throw error;
  }
}

describe('decide', () => {
  it.each(decisions)('$name', async (vector) => {
    const policies = inEvaluationOrder(vector.policies.map((policy) => parsePolicy(policy)));
    const request = (prune(vector.request) ?? {}) as AccessRequest;
    const administration = vector.administration ?? false;

    const decision = await decide(policies, request, { administration });

    expect(decision).toMatchObject(
      vector.effect === 'allow'
        ? { effect: 'allow', policyId: vector.policyId }
        : { effect: 'deny', reason: vector.reason ?? 'no-policy' },
    );
  });

  it('tells in order what was considered, and why it did not decide', async () => {
    const policies = [
      { id: 'role', engine: 'allow', roleName: 'nurse' },
      { id: 'pattern', engine: 'matcho', matcho: { uri: '/y' } },
      { id: 'broken', engine: 'json-schema', schema: { $ref: '#' } },
      { id: 'wide', engine: 'complex', or: [{ engine: 'allow' }] },
    ].map((policy) => parsePolicy(policy));

    const decision = await decide(
      inEvaluationOrder(policies),
      { uri: '/x' },
      { administration: true },
    );

    expect(decision.considered).toEqual([
      { policyId: 'role', applies: false, outcome: 'inapplicable', reason: 'roleName' },
      {
        policyId: 'pattern',
        applies: true,
        outcome: 'fails',
        mismatch: { path: ['uri'], expected: '/y', but: '/x' },
      },
      { policyId: 'broken', applies: true, outcome: 'error', error: expect.any(String) },
      { policyId: 'wide', applies: true, outcome: 'not-administrative' },
    ]);
  });

  it('considers nothing after the policy that decides', async () => {
    const policies = ['a', 'b'].map((id) => parsePolicy({ id, engine: 'allow' }));

    const decision = await decide(policies, {}, { administration: false });

    expect(decision.considered).toEqual([{ policyId: 'a', applies: true, outcome: 'holds' }]);
  });
});

describe('evaluationOf', () => {
  it('answers for one policy, whatever the others say', () => {
    const policy = parsePolicy({ id: 'a', engine: 'allow', type: 'rpc' });

    expect(evaluationOf(policy, { uri: '/rpc' }, false).outcome).toBe('holds');
    expect(evaluationOf(policy, { uri: '/x' }, false).outcome).toBe('inapplicable');
  });
});

describe('a complex rule', () => {
  const broken = { engine: 'json-schema', schema: { $ref: '#' } };
  const [no, yes] = ['/y', '/x'].map((uri) => ({ engine: 'matcho', matcho: { uri } }));
  const outcome = (policy: JsonObject): unknown =>
    evaluationOf(parsePolicy({ id: 'a', engine: 'complex', ...policy }), { uri: '/x' }, false);
  const fails = { policyId: 'a', applies: true, outcome: 'fails', mismatch: expect.anything() };
  const error = { policyId: 'a', applies: true, outcome: 'error', error: expect.any(String) };
  const holds = { policyId: 'a', applies: true, outcome: 'holds' };

  it.each([
    ['an "or" of a rule that cannot be evaluated', { or: [broken] }, error],
    ['an "or" of that and one that fails', { or: [broken, no] }, error],
    ['an "or" of that and one that holds', { or: [broken, yes] }, holds],
    ['an "or" of rules that fail', { or: [no, no] }, fails],
    ['an "and" of a rule that cannot be evaluated', { and: [broken] }, error],
    ['an "and" of that and one that holds', { and: [yes, broken] }, error],
    ['an "and" of one that fails and that', { and: [no, broken] }, fails],
    ['an "and" of rules that hold', { and: [yes, yes] }, holds],
  ])('that is %s: %#', (_what, policy, expected) => {
    expect(outcome(policy as JsonObject)).toEqual(expected);
  });
});

describe('an engine for RPC', () => {
  const policies = [
    { id: 'a', engine: 'allow-rpc', rpc: { 'ns/read': true } },
    { id: 'a', engine: 'matcho-rpc', rpc: { 'ns/read': { user: 'present?' } } },
  ];
  const outcome = (policy: JsonObject, request: AccessRequest): unknown =>
    evaluationOf(parsePolicy(policy), request, false);
  const rpc = (method?: string) => ({
    uri: '/rpc',
    user: { id: 'u' },
    ...(method === undefined ? {} : { params: { _m: method } }),
  });

  it.each(policies)('$engine names the methods and what was called instead', (policy) => {
    const mismatch = { path: ['params', '_m'], expected: { $enum: ['ns/read'] } };

    expect(outcome(policy, rpc('ns/read'))).toMatchObject({ outcome: 'holds' });
    expect(outcome(policy, rpc('ns/write'))).toMatchObject({
      outcome: 'fails',
      mismatch: { ...mismatch, but: 'ns/write' },
    });
    expect(outcome(policy, rpc())).toMatchObject({ mismatch: { ...mismatch, but: null } });
  });

  it.each(policies)('$engine holds for no request that is no RPC', (policy) => {
    expect(outcome(policy, { ...rpc('ns/read'), uri: '/fhir' })).toMatchObject({
      outcome: 'fails',
    });
  });
});

describe('parsePolicy', () => {
  it.each(refusals)('refuses $name', ({ policy, paths }) => {
    expect(pathsOf(policy)).toEqual(paths);
  });

  it('refuses rules that are nested too deeply', () => {
    let rule: JsonObject = { engine: 'allow' };
    for (let depth = 0; depth < 10; depth += 1) rule = { engine: 'complex', or: [rule] };

    expect(pathsOf(rule)).toHaveLength(1);
  });

  it('takes a policy without an id, as one that is not stored yet', () => {
    expect(parsePolicy({ engine: 'allow' }).id).toBe('');
  });

  it('keeps links, role, type and status', () => {
    const policy = parsePolicy({
      id: 'a',
      engine: 'allow',
      link: [{ reference: '/User/u' }, { resourceType: 'Client', id: 'c' }],
      roleName: 'r',
      type: 'rest',
      status: 'shadow',
      description: 'd',
    });

    expect(policy).toEqual({
      id: 'a',
      engine: 'allow',
      links: { users: new Set(['u']), clients: new Set(['c']), operations: new Set() },
      roleName: 'r',
      type: 'rest',
      status: 'shadow',
    });
  });
});
