import fc from 'fast-check';
import type { AccessRequest } from '../access-request.js';
import { decide, evaluationOf, type Decision } from '../decide.js';
import type { JsonObject } from '../json.js';
import { parsePolicy } from '../parse-policy.js';
import type { Policy } from '../policy.js';
import { PolicySet } from './policy-set.js';
import { unmetDemand } from './unmet-demand.js';

/** Each is asked about sixty requests in two ways; more on demand. */
const POLICY_SETS = Number(process.env['WARDGATE_TEST_POLICY_SETS'] ?? 400);
const POLICIES = 40;
const REQUESTS = 60;

const user = fc.constantFrom('u1', 'u2', 'u3');
const operation = fc.constantFrom('FhirRead', 'FhirSearch', 'FhirUpdate');
const name = fc.constantFrom('nurse', 'doctor', 'clerk');
const type = fc.constantFrom('Patient', 'Device', 'User');
const method = fc.constantFrom('get', 'put');
const issuer = fc.constantFrom('https://a.example', 'https://b.example');
const level = fc.constantFrom<number | string | boolean>(1, '1', true, 0);
const uri = fc.constantFrom('/fhir/Patient', '/rpc');

/** A list that is often absent or short. */
const some = <T>(item: fc.Arbitrary<T>) => fc.array(item, { minLength: 1, maxLength: 2 });
const optional = <T extends object>(members: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record<T, never>(members, { requiredKeys: [] });

const roles = some(optional<{ name: string; level: string | number | boolean }>({ name, level }));

const request = fc.record<AccessRequest>(
  {
    'request-method': method,
    uri,
    params: optional({
      'resource/type': type,
      'resource/id': user,
      _m: fc.constantFrom('ns/a', 'ns/b'),
    }),
    operation: fc.record({ id: operation }),
    jwt: optional({ iss: issuer, level, aud: some(user) }),
    user: fc.record({ id: user, data: fc.oneof(optional({ level }), some(optional({ level }))) }),
    client: fc.record({ id: user }),
    role: roles,
    session: fc.record({ role: roles }),
  },
  { requiredKeys: ['request-method', 'uri', 'params', 'operation', 'jwt', 'user'] },
);

/** A pattern for a value: equal, listed, alternatives, negated, or something that no index can look up. */
function asked(value: fc.Arbitrary<string | number | boolean>): fc.Arbitrary<JsonObject[string]> {
  return fc.oneof(
    { arbitrary: value, weight: 5 },
    { arbitrary: some(value).map(($enum) => ({ $enum })), weight: 2 },
    { arbitrary: some(value).map((any) => ({ '$one-of': any })), weight: 1 },
    { arbitrary: value.map((other) => ({ '$one-of': [other, 'nil?'] })), weight: 1 },
    { arbitrary: value.map(($not) => ({ $not })), weight: 1 },
    { arbitrary: fc.constantFrom('present?', '.params.resource/id', '#.'), weight: 1 },
  );
}

const oneRole = fc.oneof(
  asked(name).map(($contains) => ({ $contains: { name: $contains } })),
  asked(name).map(($every) => ({ $every: { name: $every } })),
  some(asked(name)).map((all) => ({ '$present-all': all.map((one) => ({ name: one })) })),
  asked(name).map((first) => [{ name: first }]),
);

const members = fc
  .subarray(['request-method', 'uri', 'params', 'operation', 'jwt', 'user', 'role', 'session'], {
    minLength: 1,
    maxLength: 3,
  })
  .chain((keys) =>
    fc
      .record(
        {
          'request-method': asked(method),
          uri: asked(uri),
          params: asked(type).map((one) => ({ 'resource/type': one })),
          operation: asked(operation).map((id) => ({ id })),
          jwt: fc.oneof(
            asked(issuer).map((iss) => ({ iss })),
            asked(level).map((one) => ({ level: one })),
          ),
          user: fc.oneof(
            asked(user).map((id) => ({ id })),
            asked(level).map((one) => ({ data: { level: one } })),
          ),
          role: oneRole,
          session: oneRole.map((role) => ({ role })),
        },
        { requiredKeys: [] },
      )
      .map((all) => Object.fromEntries(Object.entries(all).filter(([key]) => keys.includes(key)))),
  )
  .filter((pattern) => Object.keys(pattern).length > 0);

const pattern = fc.oneof(
  { arbitrary: members, weight: 6 },
  { arbitrary: some(members).map((any) => ({ '$one-of': any })), weight: 1 },
  {
    arbitrary: fc.tuple(members, some(members)).map(([own, any]) => ({ ...own, '$one-of': any })),
    weight: 1,
  },
  { arbitrary: members.map(($not) => ({ $not })), weight: 1 },
);

/** A schema that asks for values at a path, with and without what makes the question binding. */
const schema = fc
  .record({
    path: fc.constantFrom(['jwt', 'iss'], ['user', 'id'], ['user', 'data', 'level'], ['uri']),
    value: fc.oneof(issuer, user, level, uri),
    isListed: fc.boolean(),
    isRequired: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
    isTyped: fc.boolean(),
    around: fc.constantFrom('nothing', 'allOf', 'anyOf', 'not', 'ref'),
  })
  .map(({ path, value, isListed, isRequired, isTyped, around }) => {
    let inner: JsonObject = isListed ? { enum: [value, 'other'] } : { const: value };
    for (const [at, key] of [...path.entries()].reverse()) {
      inner = {
        ...(isTyped ? { type: 'object' } : {}),
        ...(isRequired[at] === true ? { required: [key] } : {}),
        properties: { [key]: inner },
      };
    }
    if (around === 'nothing') return inner;
    if (around === 'ref') return { ...inner, definitions: { any: {} }, $ref: '#/definitions/any' };
    return { [around]: around === 'not' ? inner : [inner] };
  });

const { rule } = fc.letrec<{ rule: JsonObject; simple: JsonObject }>((tie) => ({
  simple: fc.oneof(
    { arbitrary: fc.constant({ engine: 'allow' }), weight: 1 },
    { arbitrary: pattern.map((matcho) => ({ engine: 'matcho', matcho })), weight: 6 },
    { arbitrary: schema.map((made) => ({ engine: 'json-schema', schema: made })), weight: 2 },
    { arbitrary: fc.constant({ engine: 'allow-rpc', rpc: { 'ns/a': true } }), weight: 1 },
    {
      arbitrary: pattern.map((one) => ({ engine: 'matcho-rpc', rpc: { 'ns/a': one } })),
      weight: 1,
    },
  ),
  rule: fc.oneof(
    { maxDepth: 2, depthSize: 'small' },
    { arbitrary: tie('simple'), weight: 6 },
    { arbitrary: some(tie('rule')).map((and) => ({ engine: 'complex', and })), weight: 1 },
    { arbitrary: some(tie('rule')).map((or) => ({ engine: 'complex', or })), weight: 1 },
  ),
}));

const link = fc.oneof(
  user.map((id) => ({ reference: `User/${id}` })),
  user.map((id) => ({ reference: `Client/${id}` })),
  operation.map((id) => ({ reference: `Operation/${id}` })),
);
const seldom = <T>(limit: fc.Arbitrary<T>) => fc.option(limit, { nil: undefined, freq: 3 });

const policy = fc
  .record({
    rule,
    link: seldom(some(link)),
    roleName: seldom(name),
    type: seldom(fc.constantFrom('rest', 'rpc', 'scope')),
    status: seldom(fc.constantFrom('active', 'shadow')),
  })
  .map(({ rule: written, ...limits }): JsonObject => {
    const set = Object.entries(limits).filter(([, value]) => value !== undefined);
    return { ...written, ...(Object.fromEntries(set) as JsonObject) };
  });

/** Policies by id, and those that take their place in the end: some other, some gone. */
const change = fc.record({
  before: fc.array(policy, { minLength: 1, maxLength: POLICIES, size: 'max' }),
  after: fc.array(fc.option(policy, { freq: 3 }), { maxLength: POLICIES, size: 'max' }),
});

function parsed(sources: readonly (JsonObject | null)[]): Map<string, Policy> {
  const policies = sources.flatMap((source, at): [string, Policy][] => {
    const id = `p${(at * 7) % POLICIES}`;
    return source ? [[id, parsePolicy({ ...source, id })]] : [];
  });
  return new Map(policies);
}

/** One write at a time, as they come. */
function changedInSteps(from: Map<string, Policy>, to: ReadonlyMap<string, Policy>): PolicySet {
  const now = new Map(from);
  let set = PolicySet.of(from);
  for (const id of new Set([...from.keys(), ...to.keys()])) {
    const next = to.get(id);
    if (next) now.set(id, next);
    else now.delete(id);
    set = set.changedTo(new Map(now), [id]);
  }
  return set;
}

function outcome(policies: readonly Policy[], asking: AccessRequest, administration: boolean) {
  return nameOf(decide(policies, asking, { administration }) as Decision);
}

function nameOf(decision: Decision): string {
  return decision.effect === 'allow' ? decision.policyId : decision.reason;
}

describe('an index over policies', () => {
  it('never changes a decision, however the policies came into it', () => {
    const outcomes = new Map<boolean, number>();
    let asked = 0;
    let candidates = 0;
    fc.assert(
      fc.property(
        change,
        fc.array(request, { minLength: REQUESTS, maxLength: REQUESTS }),
        fc.boolean(),
        ({ before, after }, requests, administration) => {
          const first = parsed(before);
          const last = parsed(after);
          const sets = [PolicySet.of(last), changedInSteps(first, last)];
          for (const asking of requests) {
            const expected = outcome(sets[0]?.all ?? [], asking, administration);
            outcomes.set(
              expected.startsWith('p'),
              (outcomes.get(expected.startsWith('p')) ?? 0) + 1,
            );
            for (const set of sets) {
              const found = set.candidatesFor(asking);
              asked += last.size;
              candidates += found.length;
              if (outcome(found, asking, administration) !== expected) return false;
              const decision = set.decide(asking, { administration }) as Decision;
              if (nameOf(decision) !== expected) return false;
              if (new Set(found).size !== found.length) return false;
            }
          }
          return true;
        },
      ),
      { numRuns: POLICY_SETS },
    );

    // Both outcomes came up often, and the index did leave policies out.
    expect(outcomes.get(true)).toBeGreaterThan((POLICY_SETS * REQUESTS) / 10);
    expect(outcomes.get(false)).toBeGreaterThan((POLICY_SETS * REQUESTS) / 10);
    expect(candidates).toBeLessThan(asked / 2);
  }, 900_000);

  it('can say of every policy that it leaves out what the request has not', () => {
    let explained = 0;
    fc.assert(
      fc.property(change, fc.array(request, { minLength: 5 }), ({ before }, requests) => {
        const set = PolicySet.of(parsed(before));
        for (const asking of requests) {
          const found = new Set(set.candidatesFor(asking));
          for (const one of set.all) {
            const unmet = unmetDemand(one, asking);
            if (evaluationOf(one, asking, false).outcome === 'holds' && unmet) return false;
            const isOut = one.status !== 'active' || one.type === 'scope';
            if (!found.has(one) && !isOut && !unmet) return false;
            if (unmet) explained += 1;
          }
        }
        return true;
      }),
      { numRuns: 60 },
    );

    expect(explained).toBeGreaterThan(1_000);
  });
});
