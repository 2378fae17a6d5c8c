import { InvalidPolicy, PolicyIssues } from './invalid-policy.js';

describe('PolicyIssues', () => {
  it('collects what several parts are refused for, and goes on', () => {
    const issues = new PolicyIssues();
    const refused = issues.collect((): number => {
      throw new InvalidPolicy([{ path: 'a', message: 'one' }]);
    });
    const taken = issues.collect(() => 1);
    issues.add('b', 'two');

    expect([refused, taken]).toEqual([undefined, 1]);
    expect(() => {
      issues.throwIfAny();
    }).toThrow(
      expect.objectContaining({
        issues: [
          { path: 'a', message: 'one' },
          { path: 'b', message: 'two' },
        ],
      }),
    );
  });

  it('throws nothing where nothing was collected', () => {
    expect(() => {
      new PolicyIssues().throwIfAny();
    }).not.toThrow();
  });

  it('takes no other failure for a refusal', () => {
    expect(() =>
      new PolicyIssues().collect(() => {
        throw new TypeError('a fault of ours');
      }),
    ).toThrow(TypeError);
  });
});
