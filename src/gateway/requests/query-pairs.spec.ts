import { encodedPairs, pairsOf } from './query-pairs.js';

describe('the query of a URL', () => {
  it('writes a blank as every server reads it, and a plus sign as itself', () => {
    expect(encodedPairs([['name', 'John + Mary Smith']])).toBe('name=John%20%2B%20Mary%20Smith');
  });

  it('has every value of a name', () => {
    expect(encodedPairs(pairsOf({ a: ['1', '2'], 'b:exact': '&=' }))).toBe(
      'a=1&a=2&b%3Aexact=%26%3D',
    );
  });
});
