import fc from 'fast-check';
import { matchoCase } from '../../../test/support/matcho-cases.js';
import { naiveMatch } from '../../../test/support/naive-matcho.js';
import { match } from './match.js';
import { parsePattern } from './parse-pattern.js';

const CASES = 100_000;

describe('the matcher and a naive one', () => {
  it('never disagree', () => {
    let matches = 0;
    fc.assert(
      fc.property(matchoCase, ({ pattern, subject, context }) => {
        const naive = naiveMatch(pattern, subject, context);
        if (naive) matches += 1;

        return (match(parsePattern(pattern), subject, context) === undefined) === naive;
      }),
      { numRuns: CASES },
    );

    // A comparison of denials alone would prove little.
    expect(matches).toBeGreaterThan(CASES / 4);
    expect(matches).toBeLessThan((CASES * 3) / 4);
  }, 180_000);
});
