import fc from 'fast-check';
import { prune, type AccessRequest } from '../../src/policy/access-request.js';
import type { JsonObject } from '../../src/policy/json.js';

const userId = fc.constantFrom('u1', 'u2');
const operationId = fc.constantFrom('FhirRead', 'FhirSearch');
const roleName = fc.constantFrom('nurse', 'doctor');

/** Requests that those policies speak of. */
export const request = fc.record<AccessRequest>(
  {
    'request-method': fc.constantFrom('get', 'put'),
    uri: fc.constantFrom('/fhir/Patient', '/User/u1', '/rpc'),
    params: fc.record(
      {
        'resource/type': fc.constantFrom('Patient', 'User'),
        'resource/id': userId,
        _m: fc.constantFrom('ns/read', 'ns/write'),
      },
      { requiredKeys: [] },
    ),
    operation: fc.record({ id: operationId }),
    user: fc.record({ id: userId }),
    client: fc.record({ id: userId }),
    role: fc.array(fc.record({ name: roleName }), { minLength: 1, maxLength: 2 }),
  },
  { requiredKeys: ['uri'] },
);

const matcho = fc.constantFrom<JsonObject>(
  { user: 'present?' },
  { user: { id: 'u1' } },
  { user: { id: '.params.resource/id' } },
  { user: { $not: { id: '.params.resource/id' } } },
  { role: { $contains: { name: 'nurse' } } },
  { params: { 'resource/type': { $enum: ['Patient', 'Device'] } }, 'request-method': 'get' },
  { uri: '#^/fhir', client: 'nil?' },
  { operation: { id: { $not: 'FhirRead' } } },
);

const link = fc
  .tuple(fc.constantFrom('User', 'Client', 'Operation'), userId, operationId, fc.boolean())
  .map(([type, own, operation, isText]) => {
    const id = type === 'Operation' ? operation : own;
    return isText ? { reference: `${type}/${id}` } : { resourceType: type, id };
  });

const { rule } = fc.letrec<{ rule: JsonObject; simple: JsonObject }>((tie) => ({
  simple: fc.oneof(
    fc.constant({ engine: 'allow' }),
    matcho.map((pattern) => ({ engine: 'matcho', matcho: pattern })),
    fc
      .subarray(['user', 'client', 'role', 'params'], { minLength: 1 })
      .map((required) => ({ engine: 'json-schema', schema: { required } })),
    fc.constant({ engine: 'allow-rpc', rpc: { 'ns/read': true } }),
    matcho.map((pattern) => ({ engine: 'matcho-rpc', rpc: { 'ns/read': pattern } })),
  ),
  rule: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    tie('simple'),
    fc
      .array(tie('rule'), { minLength: 1, maxLength: 3 })
      .map((and) => ({ engine: 'complex', and })),
    fc.array(tie('rule'), { minLength: 1, maxLength: 3 }).map((or) => ({ engine: 'complex', or })),
  ),
}));

/** A limit that few policies have, so that enough of them apply. */
const seldom = <Limit>(limit: fc.Arbitrary<Limit>) =>
  fc.oneof({ arbitrary: fc.constant(undefined), weight: 4 }, { arbitrary: limit, weight: 1 });

const scope = fc
  .record({
    link: seldom(fc.array(link, { minLength: 1, maxLength: 2 })),
    roleName: seldom(roleName),
    type: seldom(fc.constantFrom('rest', 'rpc', 'scope')),
    status: seldom(fc.constantFrom('active', 'shadow', 'draft')),
  })
  .map((limits) => prune(limits as JsonObject) as JsonObject | undefined);

/** Policies of every engine but SQL, as they are written, in no order. */
export const policies = fc
  .array(fc.tuple(rule, scope), { maxLength: 5, size: 'medium' })
  .map((made) =>
    made.map(([engine, limits], at): JsonObject => ({
      ...engine,
      ...limits,
      id: 'ceadb'.charAt(at),
    })),
  );
