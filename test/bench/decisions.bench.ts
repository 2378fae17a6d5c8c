import type { AccessRequest } from '../../src/policy/access-request.js';
import { decide, inEvaluationOrder } from '../../src/policy/decide.js';
import type { JsonObject } from '../../src/policy/json.js';
import { parsePolicy } from '../../src/policy/parse-policy.js';
import { row, spread, table } from './table.js';

const SIZES = [10, 1000, 10_000];
const ROUNDS = 5;
const ROUND_MS = 400;

/** A request that exactly the last of the policies allows. */
function request(size: number): AccessRequest {
  const role = `role-${size - 1}`;
  return {
    'request-method': 'get',
    uri: '/fhir/Observation',
    params: { 'resource/type': 'Observation', patient: 'p1' },
    operation: { id: 'FhirSearch' },
    jwt: { iss: 'https://idp.example', sub: 's' },
    user: { id: 'u1', data: { patient: 'p1' } },
    role: [{ name: role }],
  };
}

/** Policies as an organisation has them: each for a role, method and type. */
function policy(at: number): JsonObject {
  return {
    id: `p${String(at).padStart(6, '0')}`,
    engine: 'matcho',
    roleName: `role-${at}`,
    matcho: {
      'request-method': 'get',
      params: { 'resource/type': 'Observation', patient: '.user.data.patient' },
      jwt: { iss: 'https://idp.example' },
    },
  };
}

/** Microseconds per decision. */
function measure(size: number): { load: number; decision: number } {
  const startedAt = performance.now();
  const policies = inEvaluationOrder(
    Array.from({ length: size }, (_, at) => parsePolicy(policy(at))),
  );
  const load = performance.now() - startedAt;
  const asked = request(size);
  let count = 0;
  const begin = performance.now();
  while (performance.now() - begin < ROUND_MS) {
    for (let at = 0; at < 10; at += 1) {
      const decision = decide(policies, asked, { administration: false });
      if (decision instanceof Promise || decision.effect !== 'allow')
        throw new Error('not allowed');
      count += 1;
    }
  }
  return { load, decision: ((performance.now() - begin) * 1000) / count };
}

const rounds = Array.from({ length: ROUNDS }, () => SIZES.map(measure));
const rows = SIZES.map((size, at) =>
  row(
    String(size),
    spread(
      rounds.map((round) => round[at]?.load ?? Number.NaN),
      1,
    ),
    spread(
      rounds.map((round) => round[at]?.decision ?? Number.NaN),
      2,
    ),
  ),
);
process.stdout.write(`${table(['policies', 'parse all, ms', 'one decision, µs'], rows)}\n`);
