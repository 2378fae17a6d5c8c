import type { AccessRequest } from '../../src/policy/access-request.js';
import { decide } from '../../src/policy/decide.js';
import { PolicySet } from '../../src/policy/index/policy-set.js';
import type { JsonObject } from '../../src/policy/json.js';
import { parsePolicy } from '../../src/policy/parse-policy.js';
import type { Policy } from '../../src/policy/policy.js';
import { row, spread, table } from './table.js';

const SIZES = [10, 100, 1000, 10_000, 100_000];
const ROUNDS = 5;
const ROUND_MS = 400;
const WRITES = 20;

/** A set of policies of some shape, with a request that exactly the last of them allows. */
interface Shape {
  readonly name: string;
  policy(at: number, size: number): JsonObject;
  request(size: number): AccessRequest;
}

const ISSUER = 'https://idp.example';

function request(role: string): AccessRequest {
  return {
    'request-method': 'get',
    uri: '/fhir/Observation',
    params: { 'resource/type': 'Observation', patient: 'p1' },
    operation: { id: 'FhirSearch' },
    jwt: { iss: ISSUER, sub: 's' },
    user: { id: 'u1', data: { patient: 'p1' } },
    role: [{ name: role }],
  };
}

const SHAPES: readonly Shape[] = [
  {
    name: 'a role each',
    policy: (at) => ({ ...matcho(at), roleName: `role-${at}` }),
    request: (size) => request(`role-${size - 1}`),
  },
  {
    name: 'one role and type, a user each',
    policy: (at, size) => ({
      ...matcho(at, { user: { id: at === size - 1 ? 'u1' : `other-${at}` } }),
      roleName: 'nurse',
    }),
    request: () => request('nurse'),
  },
  {
    name: 'a role each, and ten without any',
    policy: (at, size) =>
      at < 10 && at < size - 1 ? pathOnly(at) : { ...matcho(at), roleName: `role-${at}` },
    request: (size) => request(`role-${size - 1}`),
  },
];

/** The usual demands: method, type, issuer, and that the patient is the caller's own. */
function matcho(at: number, more: JsonObject = {}): JsonObject {
  return {
    id: `p${String(at).padStart(6, '0')}`,
    engine: 'matcho',
    matcho: {
      'request-method': 'get',
      params: { 'resource/type': 'Observation', patient: '.user.data.patient' },
      jwt: { iss: ISSUER },
      ...more,
    },
  };
}

/** Speaks of every request, as far as an index can tell. */
function pathOnly(at: number): JsonObject {
  return { ...matcho(at), matcho: { uri: `#^/fhir/Condition/${at}$`, user: 'present?' } };
}

interface Figures {
  readonly parseMs: number;
  readonly indexMs: number;
  readonly writeMs: number;
  readonly decision: number;
}

function measure({ policy, request: asking }: Shape, size: number): Figures {
  const begin = performance.now();
  const policies = new Map<string, Policy>();
  for (let at = 0; at < size; at += 1) {
    const parsed = parsePolicy(policy(at, size));
    policies.set(parsed.id, parsed);
  }
  const parsedAt = performance.now();
  const set = PolicySet.of(policies);
  const indexedAt = performance.now();
  write(set, policies, parsePolicy(policy(0, size)));
  return {
    parseMs: parsedAt - begin,
    indexMs: indexedAt - parsedAt,
    writeMs: (performance.now() - indexedAt) / WRITES,
    decision: decisionMicroseconds(set, asking(size)),
  };
}

/** One policy written again and again. */
function write(set: PolicySet, policies: ReadonlyMap<string, Policy>, policy: Policy): void {
  for (let count = 0; count < WRITES; count += 1) {
    set.changedTo(new Map(policies).set(policy.id, { ...policy }));
  }
}

function decisionMicroseconds(set: PolicySet, asked: AccessRequest): number {
  let count = 0;
  const begin = performance.now();
  while (performance.now() - begin < ROUND_MS) {
    for (let at = 0; at < 10; at += 1) {
      const decision = decide(set.candidatesFor(asked), asked, { administration: false });
      if (decision instanceof Promise || decision.effect !== 'allow')
        throw new Error('not allowed');
      count += 1;
    }
  }
  return ((performance.now() - begin) * 1000) / count;
}

const KEYS = ['parseMs', 'indexMs', 'writeMs', 'decision'] as const;
const heads = ['policies', 'parse, ms', 'index, ms', 'one write, ms', 'one decision, µs'];
for (const shape of SHAPES) {
  const rounds = Array.from({ length: ROUNDS }, () => SIZES.map((size) => measure(shape, size)));
  const rows = SIZES.map((size, at) =>
    row(
      String(size),
      ...KEYS.map((key) =>
        spread(
          rounds.map((round) => round[at]?.[key] ?? Number.NaN),
          2,
        ),
      ),
    ),
  );
  process.stdout.write(`${shape.name}\n\n${table(heads, rows)}\n\n`);
}
