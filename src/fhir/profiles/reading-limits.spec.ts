import { UnusableProfile } from './profile-node.js';
import { MAX_WEIGHT, ReadingLimits } from './reading-limits.js';

describe('ReadingLimits', () => {
  it('know what was looked for, in whichever version', () => {
    const limits = new ReadingLimits();
    limits.mayLookFor('ValueSet', 'urn:v|1');
    limits.mayLookFor('ValueSet', 'urn:v|2');
    limits.mayLookFor('CodeSystem', 'urn:v');

    expect([...limits.lookups]).toEqual(['ValueSet|urn:v', 'CodeSystem|urn:v']);
  });

  it('let nothing be looked for by a URL that is too long', () => {
    const limits = new ReadingLimits();
    const isSought = (length: number) => limits.mayLookFor('ValueSet', 'u'.repeat(length));

    expect([2_000, 2_001].map(isSought)).toEqual([true, false]);
    expect(limits.lookups.size).toBe(1);
  });

  it.each([
    ['elements and codes', '', MAX_WEIGHT - 2],
    ['URLs', 'u'.repeat(1_000), MAX_WEIGHT - 12],
  ])('let only so many %s be held', (_what, url, parts) => {
    const limits = new ReadingLimits();
    limits.hold(url, parts);

    expect(limits.weight).toBe(MAX_WEIGHT);
    expect(() => {
      limits.hold('', 0);
    }).toThrow(UnusableProfile);
  });
});
