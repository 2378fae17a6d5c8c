import fc from 'fast-check';
import { policies, request } from '../../test/support/policy-cases.js';
import { naiveDecision } from '../../test/support/naive-decision.js';
import { decide } from './decide.js';
import { inEvaluationOrder } from './evaluation-order.js';
import { parsePolicy } from './parse-policy.js';

const CASES = 20_000;

describe('the decision point and a naive one', () => {
  it('never disagree, neither about the effect nor about who decides', () => {
    let allowed = 0;
    fc.assert(
      fc.property(policies, request, (written, asked) => {
        const naive = naiveDecision(written, asked);
        if (naive !== undefined) allowed += 1;
        const candidates = inEvaluationOrder(written.map((policy) => parsePolicy(policy)));
        const decision = decide(candidates, asked, { administration: false });
        if (decision instanceof Promise) return false;

        return naive === (decision.effect === 'allow' ? decision.policyId : undefined);
      }),
      { numRuns: CASES },
    );

    expect(allowed).toBeGreaterThan(CASES / 4);
    expect(allowed).toBeLessThan((CASES * 3) / 4);
  }, 180_000);
});
