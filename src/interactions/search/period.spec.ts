import { readFileSync } from 'node:fs';
import { matchingSpans, parsePeriod } from './period.js';

interface LastUpdatedVector {
  readonly name: string;
  readonly value: string;
  readonly matches: readonly string[];
  readonly doesNotMatch: readonly string[];
}

const file = new URL('../../../test/vectors/search/last-updated.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as LastUpdatedVector[];

function isWithin(instant: string, value: string): boolean {
  const at = new Date(instant);
  return matchingSpans(value).some(
    ({ from, until }) => (!from || at >= from) && (!until || at < until),
  );
}

describe('matchingSpans', () => {
  it.each(vectors)('$name', ({ value, matches, doesNotMatch }) => {
    expect(matches.filter((instant) => !isWithin(instant, value))).toEqual([]);
    expect(doesNotMatch.filter((instant) => isWithin(instant, value))).toEqual([]);
  });
});

describe('parsePeriod', () => {
  it('spans the last year that a date can name', () => {
    const { from, until } = parsePeriod('9999');

    expect(from.toISOString()).toBe('9999-01-01T00:00:00.000Z');
    expect(until.getUTCFullYear()).toBe(10_000);
  });

  it('does not take a year of the first century for one of the twentieth', () => {
    expect(parsePeriod('0004-02-29').from.toISOString()).toBe('0004-02-29T00:00:00.000Z');
  });
});
