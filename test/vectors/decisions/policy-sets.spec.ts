import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import type { AccessRequest } from '../../../src/policy/access-request.js';
import { decide, type Decision } from '../../../src/policy/decide.js';
import { inEvaluationOrder } from '../../../src/policy/evaluation-order.js';
import { PolicySet } from '../../../src/policy/index/policy-set.js';
import { parsePolicy } from '../../../src/policy/parse-policy.js';
import {
  decidingIn,
  decisionGroups,
  IN_PROCESS,
  judgedGroup,
  policySets,
} from '../../support/decision-vectors.js';
import { policySetVectors } from '../../support/policy-sets.js';

const { requests, sets } = policySets();
const OPTIONS = { administration: false };

/** Places at which another policy decides than is written, or none where one should, or the reverse. */
function differences(
  expected: readonly (string | undefined)[],
  decisionOn: (request: AccessRequest) => Decision | Promise<Decision>,
): readonly number[] {
  return requests.flatMap((request, at) => {
    const decision = decisionOn(request);
    if (decision instanceof Promise) return [at];
    const found = decision.effect === 'allow' ? decision.policyId : undefined;
    return found === expected[at] ? [] : [at];
  });
}

describe('the vectors and the naive reference evaluator', () => {
  it.each(IN_PROCESS)('agree about every decision of single policies: %s', (file) => {
    const groups = decisionGroups(file);

    expect(groups.map(judgedGroup)).toEqual(groups);
  });

  it('agree about sets of policies, which are made the same again', () => {
    expect(policySetVectors()).toEqual({ requests, sets });
  });
});

describe('the vectors of sets of policies', () => {
  it('are as their schema says', () => {
    const path = 'test/vectors/decisions/policy-sets.schema.json';
    const validate = new Ajv({ allErrors: true }).compile(
      JSON.parse(readFileSync(path, 'utf8')) as object,
    );
    validate({ requests, sets });

    expect(validate.errors).toBeNull();
  });

  it('are many, about half of them allowed, by every engine', () => {
    const allowed = sets.flatMap(({ policies, allows }) =>
      policies.flatMap(({ id, engine }) => (allows[id] ?? []).map((): unknown => engine)),
    );
    const share = allowed.length / (sets.length * requests.length);

    expect(sets.length * requests.length).toBe(7_200);
    expect(share).toBeGreaterThan(0.4);
    expect(share).toBeLessThan(0.6);
    expect([...new Set(allowed)].toSorted()).toEqual([
      ...['allow', 'allow-rpc', 'complex', 'json-schema', 'matcho', 'matcho-rpc'],
    ]);
  });

  it('say of each request of each set once what becomes of it', () => {
    const everyPlace = requests.map((_request, at) => at);
    const wrong = sets.filter(({ allows, denies }) => {
      const places = [...Object.values(allows).flat(), ...denies];
      return places.toSorted((one, other) => one - other).join() !== everyPlace.join();
    });

    expect(wrong.map(({ name }) => name)).toEqual([]);
  });
});

describe('decide', () => {
  it.each(sets)('decides $name, with and without the index', (set) => {
    const parsed = set.policies.map((policy) => parsePolicy(policy));
    const index = PolicySet.of(new Map(parsed.map((policy) => [policy.id, policy])));
    const expected = decidingIn(set, requests.length);

    const amongAll = (request: AccessRequest) =>
      decide(inEvaluationOrder(parsed), request, OPTIONS);

    expect(differences(expected, amongAll)).toEqual([]);
    expect(differences(expected, (request) => index.decide(request, OPTIONS))).toEqual([]);
  });
});
