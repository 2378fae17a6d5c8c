import type { Json, JsonObject } from '../../src/policy/json.js';
import { diceOf, type Dice } from './dice.js';
import { naiveDecision } from './naive-decision.js';

/** Policies that are there together, and what they decide about requests. */
export interface PolicySetVector {
  readonly name: string;
  readonly spec: string;
  readonly policies: readonly (JsonObject & { readonly id: string })[];
  /** By the id of the policy that decides, the places of requests in the list of the file. */
  readonly allows: Readonly<Record<string, readonly number[]>>;
  readonly denies: readonly number[];
}

/** The file `policy-sets.json`; see test/vectors/decisions/README.md. */
export interface PolicySetVectors {
  readonly requests: readonly JsonObject[];
  readonly sets: readonly PolicySetVector[];
}

const REQUESTS = 60;
const SETS = 120;
const MAX_POLICIES = 7;

const IDS = ['u1', 'u2', 'u3'];
const WARDS = ['w1', 'w2'];
const ROLES = ['nurse', 'doctor', 'clerk'];
const TYPES = ['Patient', 'Observation', 'Device'];
const ISSUERS = ['https://a.example', 'https://b.example'];
const OPERATIONS = ['FhirRead', 'FhirSearch', 'FhirUpdate'];
const METHODS = ['ns/read', 'ns/write'];

const PATTERNS: readonly JsonObject[] = [
  { user: 'present?' },
  { user: { id: '.params.resource/id' } },
  { user: { $not: { id: '.params.resource/id' } } },
  { user: { data: { ward: '.jwt.ward' } } },
  { user: 'nil?', client: 'present?' },
  { client: { id: { $enum: ['u1', 'u2'] } } },
  { role: { $contains: { name: 'nurse', context: { ward: '.user.data.ward' } } } },
  { role: { $every: { name: { '$one-of': ['nurse', 'doctor'] } } } },
  { role: { '$present-all': [{ name: 'nurse' }, { name: 'doctor' }] } },
  { role: { $length: 2 } },
  { role: [{ name: 'doctor' }] },
  { jwt: { iss: 'https://a.example', scope: '#\\bread\\b' } },
  { jwt: { iss: '#^https://b', level: 1 } },
  { jwt: { level: { $enum: [2, '1'] } } },
  { jwt: { groups: { $contains: '#^ward-' } } },
  { params: { 'resource/type': { $enum: ['Patient', 'Device'] } }, 'request-method': 'get' },
  { params: { 'resource/id': '.jwt.pid' } },
  { params: { 'resource/type': '#^(?!Patient$)' } },
  { operation: { id: { $not: 'FhirRead' } } },
  { uri: '#^/fhir/', 'request-method': { '$one-of': ['get', 'head'] } },
  { body: { subject: { $reference: { resourceType: 'Patient', id: '.user.data.patient' } } } },
  { body: { subject: '.jwt.fhirUser' } },
  { body: { status: { $not: { $enum: ['final', 'amended'] } } }, 'request-method': 'put' },
  { $not: { user: 'present?' } },
];

const claim = (name: string, schema: JsonObject, isRequired = true): JsonObject => ({
  required: ['jwt'],
  properties: {
    jwt: { ...(isRequired ? { required: [name] } : {}), properties: { [name]: schema } },
  },
});

const SCHEMAS: readonly JsonObject[] = [
  { required: ['user', 'role'] },
  { not: { required: ['user'] } },
  claim('level', { type: 'integer', minimum: 2 }),
  claim('level', { type: 'integer', minimum: 2 }, false),
  claim('ward', { const: { $data: '#/user/data/ward' } }),
  claim('pid', { not: { const: { $data: '#/user/id' } } }),
  claim('groups', { contains: { pattern: '^ward-' }, maxItems: 2, uniqueItems: true }),
  claim('scope', { anyOf: [{ pattern: 'write' }, { constant: 'read' }] }),
  { oneOf: [{ required: ['client'] }, { required: ['role'] }] },
  { if: { required: ['body'] }, then: { required: ['user'] }, else: { required: ['jwt'] } },
  {
    required: ['params'],
    properties: { params: { minProperties: 2, propertyNames: { minLength: 3 } } },
  },
];

const COMPLEX_DEPTH = 2;

/** Requests and sets of policies, judged by the naive reference evaluator; the same at every call. */
export function policySetVectors(): PolicySetVectors {
  const dice = diceOf(20_261_122);
  const requests = distinct(Array.from({ length: REQUESTS }, () => request(dice)));
  const sets = Array.from({ length: SETS }, (_, at) => judged(policies(dice), requests, at + 1));
  return { requests, sets };
}

/** What the naive reference evaluator says of a set of policies. */
function judged(
  written: PolicySetVector['policies'],
  requests: readonly JsonObject[],
  number: number,
): PolicySetVector {
  const deciding = requests.map((asked) => naiveDecision(written, asked));
  const places = (id: string | undefined): number[] =>
    deciding.flatMap((found, at) => (found === id ? [at] : []));
  const ids = written.map(({ id }) => id).toSorted();
  const allows = ids.map((id) => [id, places(id)] as const).filter(([, at]) => at.length > 0);
  return {
    name: `by ${written.length} policies, set ${number}`,
    spec: '§7',
    policies: written,
    allows: Object.fromEntries(allows),
    denies: places(undefined),
  };
}

/** Each member is there three times out of four. */
function request(dice: Dice): JsonObject {
  const member = (name: string, made: Json): JsonObject => (dice(4) > 0 ? { [name]: made } : {});
  const isRpc = dice(8) === 0;
  const [type, id] = [pick(TYPES, dice), pick(IDS, dice)];
  return {
    'request-method': pick(['get', 'put'], dice),
    uri: isRpc ? '/rpc' : `/fhir/${type}/${id}`,
    params: isRpc ? { _m: pick(METHODS, dice) } : { 'resource/type': type, 'resource/id': id },
    operation: { id: pick(OPERATIONS, dice) },
    ...member('jwt', jwt(dice)),
    ...member('user', user(dice)),
    ...member('role', roles(dice)),
    ...(dice(3) === 0 ? { client: { id: pick(IDS, dice) } } : {}),
    ...(dice(2) === 0 ? { body: body(dice) } : {}),
  };
}

function jwt(dice: Dice): JsonObject {
  return {
    iss: pick(ISSUERS, dice),
    scope: pick(['read', 'openid read', 'write', 'reader'], dice),
    ...(dice(3) > 0 ? { level: pick<Json>([1, 2, '1', 2.5, true], dice) } : {}),
    ...(dice(3) > 0 ? { ward: pick(WARDS, dice) } : {}),
    ...(dice(2) > 0 ? { pid: pick(IDS, dice) } : {}),
    ...(dice(2) > 0 ? { groups: pick<Json>([['ward-1'], ['a', 'ward-2'], ['a', 'a']], dice) } : {}),
    fhirUser: pick<Json>(['Patient/p1', { reference: 'Patient/p2' }, 'Practitioner/d1'], dice),
  };
}

function user(dice: Dice): JsonObject {
  const data = { ward: pick(WARDS, dice), patient: pick(['p1', 'p2'], dice) };
  return { id: pick(IDS, dice), ...(dice(3) > 0 ? { data } : {}) };
}

function roles(dice: Dice): readonly Json[] {
  return Array.from({ length: 1 + dice(2) }, () => ({
    name: pick(ROLES, dice),
    ...(dice(2) > 0 ? { context: { ward: pick(WARDS, dice) } } : {}),
  }));
}

function body(dice: Dice): JsonObject {
  const subjects: readonly Json[] = [
    'Patient/p1',
    { reference: 'Patient/p1' },
    { resourceType: 'Patient', id: 'p2' },
    { reference: 'Practitioner/d1' },
  ];
  return { status: pick(['final', 'preliminary'], dice), subject: pick(subjects, dice) };
}

/** Ids say nothing about the order in the list. */
function policies(dice: Dice): PolicySetVector['policies'] {
  const count = 1 + dice(MAX_POLICIES);
  return Array.from({ length: count }, (_, at) => ({
    id: 'ceadbgf'.charAt(at),
    ...rule(dice, COMPLEX_DEPTH),
    ...limits(dice),
  }));
}

function rule(dice: Dice, depth: number): JsonObject {
  switch (dice(depth > 0 ? 12 : 9)) {
    case 0:
      return { engine: 'allow' };
    case 1:
    case 2:
      return { engine: 'json-schema', schema: pick(SCHEMAS, dice) };
    case 3:
      return { engine: 'allow-rpc', rpc: { [pick(METHODS, dice)]: true } };
    case 4:
      return { engine: 'matcho-rpc', rpc: { [pick(METHODS, dice)]: pick(PATTERNS, dice) } };
    case 9:
    case 10:
      return { engine: 'complex', and: rules(dice, depth) };
    case 11:
      return { engine: 'complex', or: rules(dice, depth) };
    default:
      return { engine: 'matcho', matcho: pick(PATTERNS, dice) };
  }
}

function rules(dice: Dice, depth: number): readonly JsonObject[] {
  return Array.from({ length: 1 + dice(3) }, () => rule(dice, depth - 1));
}

/** `engine: allow` without a limit would decide everything, and is seldom. */
function limits(dice: Dice): JsonObject {
  return {
    ...(dice(4) === 0 ? { link: links(dice) } : {}),
    ...(dice(4) === 0 ? { roleName: pick(ROLES, dice) } : {}),
    ...(dice(6) === 0 ? { type: pick(['rest', 'rpc', 'scope'], dice) } : {}),
    ...(dice(6) === 0 ? { status: pick(['active', 'shadow', 'draft'], dice) } : {}),
  };
}

function links(dice: Dice): readonly JsonObject[] {
  return Array.from({ length: 1 + dice(2) }, () => {
    const resourceType = pick(['User', 'Client', 'Operation'], dice);
    const id = pick(resourceType === 'Operation' ? OPERATIONS : IDS, dice);
    return dice(2) === 0 ? { reference: `${resourceType}/${id}` } : { resourceType, id };
  });
}

function pick<T>(choices: readonly T[], dice: Dice): T {
  return choices[dice(choices.length)] as T;
}

function distinct(requests: readonly JsonObject[]): readonly JsonObject[] {
  return [...new Map(requests.map((one) => [JSON.stringify(one), one])).values()];
}
