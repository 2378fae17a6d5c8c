import { boundedText, normalizedText } from './normalized-text.js';

describe('normalizedText', () => {
  it.each([
    ['Grüße', 'grusse'],
    ['GRÜSSE', 'grusse'],
    ['STRAẞE', 'strasse'],
    ['ΟΔΥΣΣΕΥΣ', 'οδυσσευσ'],
    ['Οδυσσεύς', 'οδυσσευσ'],
    ['  José\t María\n', 'jose maria'],
    ['ﬁ', 'fi'],
    ['İzmir', 'izmir'],
  ])('takes %j for %j', (text, normalized) => {
    expect(normalizedText(text)).toBe(normalized);
  });

  it('lets the beginning of a word find the whole, whatever its last letter is there', () => {
    expect(normalizedText('ΟΔΥΣΣΕΥΣ').startsWith(normalizedText('ΟΔΥΣ'))).toBe(true);
  });
});

describe('boundedText', () => {
  it('keeps texts apart whose beginnings are the same, and what looks like a digest', () => {
    const long = 'a'.repeat(201);
    const digest = boundedText(long);

    expect(boundedText('a'.repeat(200))).toBe('a'.repeat(200));
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(boundedText(`${long}b`)).not.toBe(digest);
    expect(boundedText(digest)).not.toBe(digest);
  });
});
