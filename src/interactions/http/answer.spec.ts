import { returnPreference } from './answer.js';

describe('returnPreference', () => {
  it.each([
    ['return=minimal', 'minimal'],
    ['return=representation', 'representation'],
    ['return=OperationOutcome', 'OperationOutcome'],
    ['handling=strict; return=minimal', 'minimal'],
    ['respond-async, return=minimal', 'minimal'],
    ['return=nothing', 'representation'],
    [undefined, 'representation'],
  ] as const)('reads %j as %s', (prefer, expected) => {
    expect(returnPreference(prefer)).toBe(expected);
  });
});
