import type { AccessRequest } from '../access-request.js';
import type { Decision } from '../decide.js';
import type { JsonObject } from '../json.js';
import { parsePolicy } from '../parse-policy.js';
import { PolicySet } from './policy-set.js';

const MANY_USERS = Array.from({ length: 65 }, (_, at) => ({ reference: `User/u${at}` }));
const USER = [{ reference: 'User/u1' }];
const ALLOW = { engine: 'allow' };
const EQUALITY = { engine: 'matcho', matcho: { uri: '/a', user: { id: 'u1' } } };

function decision(sources: readonly JsonObject[], request: AccessRequest, administration = false) {
  const policies = sources.map((source, at) => parsePolicy({ id: `p${at}`, ...source }));
  const set = PolicySet.of(new Map(policies.map((policy) => [policy.id, policy])));
  return set.decide(request, { administration }) as Decision;
}

describe('a decision by what policies demand', () => {
  it.each<[what: string, policy: JsonObject, holds: AccessRequest, fails: AccessRequest]>([
    ['equalities', EQUALITY, { uri: '/a', user: { id: 'u1' } }, { uri: '/a', user: { id: 'u2' } }],
    ['a number that reads like a text', matcho({ a: 1 }), { a: 1 }, { a: '1' }],
    ['presence', matcho({ a: 'present?' }), { a: 1 }, {}],
    ['an enumeration', matcho({ uri: { $enum: ['/a', '/b'] } }), { uri: '/b' }, { uri: '/c' }],
    ['a regular expression', matcho({ uri: '#^/a' }), { uri: '/abc' }, { uri: '/b' }],
    ['a path', matcho({ a: '.b' }), { a: 1, b: 1 }, { a: 1, b: 2 }],
    ['a Role', { ...ALLOW, roleName: 'nurse' }, roles('ward', 'nurse'), roles('ward')],
    ['a User', { ...ALLOW, link: USER }, { user: { id: 'u1' } }, { client: { id: 'u1' } }],
    ['many Users', { ...ALLOW, link: MANY_USERS }, { user: { id: 'u7' } }, { user: { id: 'u65' } }],
    ['REST', { ...ALLOW, type: 'rest' }, { uri: '/a' }, { uri: '/rpc' }],
    ['RPC', { ...ALLOW, type: 'rpc' }, { uri: '/rpc' }, { uri: '/a' }],
    [
      'equalities and a Role',
      { ...EQUALITY, roleName: 'nurse' },
      { uri: '/a', user: { id: 'u1' }, ...roles('nurse') },
      { uri: '/a', user: { id: 'u1' }, ...roles('ward') },
    ],
    [
      'equalities of REST',
      { engine: 'matcho', type: 'rest', matcho: { a: 1 } },
      { uri: '/a', a: 1 },
      { uri: '/rpc', a: 1 },
    ],
    [
      'a method',
      { engine: 'allow-rpc', rpc: { read: true } },
      { uri: '/rpc', params: { _m: 'read' } },
      { uri: '/rpc', params: { _m: 'write' } },
    ],
    [
      'a method and more',
      { engine: 'matcho-rpc', rpc: { read: { user: { id: 'u1' } } } },
      { uri: '/rpc', params: { _m: 'read' }, user: { id: 'u1' } },
      { uri: '/rpc', params: { _m: 'read' }, user: { id: 'u2' } },
    ],
  ])('that asks for %s holds what the policy says', (_what, policy, holds, fails) => {
    expect(decision([policy], holds)).toEqual({
      effect: 'allow',
      policyId: 'p0',
      considered: [{ policyId: 'p0', applies: true, outcome: 'holds' }],
    });
    expect(decision([policy], fails)).toMatchObject({ effect: 'deny', reason: 'no-policy' });
  });

  it('never holds for what equals nothing, though a map finds it', () => {
    const other = matcho({ a: 1 });

    expect(decision([matcho({ a: Number.NaN }), other], { a: Number.NaN })).toMatchObject({
      effect: 'deny',
    });
    expect(decision([matcho({ a: Number.NaN }), other], { a: 1 })).toMatchObject({
      policyId: 'p1',
    });
  });

  it.each(['shadow', 'draft'])('never asks a policy that is in %s', (status) => {
    expect(decision([{ ...ALLOW, status }], {})).toMatchObject({ effect: 'deny' });
  });

  it('names the first that holds in evaluation order, and says what those before it said', () => {
    const policies = [matcho({ uri: '#^/b' }), EQUALITY, matcho({ uri: '/a' })];

    expect(decision(policies, { uri: '/a', user: { id: 'u1' } })).toMatchObject({
      policyId: 'p1',
      considered: [
        { policyId: 'p0', outcome: 'fails' },
        { policyId: 'p1', outcome: 'holds' },
      ],
    });
  });

  it('asks whether the policy speaks of administration, where it must', () => {
    const silent = matcho({ scheme: 'https' });
    const request = { scheme: 'https', user: { id: 'u1' } };

    expect(decision([silent], request)).toMatchObject({ effect: 'allow' });
    expect(decision([silent], request, true)).toMatchObject({ reason: 'administration' });
    expect(decision([matcho({ user: { id: 'u1' } })], request, true)).toMatchObject({
      effect: 'allow',
    });
  });
});

function matcho(pattern: JsonObject): JsonObject {
  return { engine: 'matcho', matcho: pattern };
}

function roles(...names: readonly string[]): { readonly role: readonly { name: string }[] } {
  return { role: names.map((name) => ({ name })) };
}
