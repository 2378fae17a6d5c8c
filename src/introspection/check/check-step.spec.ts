import { readFileSync } from 'node:fs';
import { CHECK_FINDINGS, CHECK_STEPS, shown } from './check-step.js';

const page = readFileSync(new URL('../../../docs/introspector-check.md', import.meta.url), 'utf8');

describe('what a check finds', () => {
  it('is documented, every step and every code', () => {
    const words = [...CHECK_STEPS, ...Object.keys(CHECK_FINDINGS)];

    expect(words.filter((word) => !page.includes(`\`${word}\``))).toEqual([]);
  });
});

describe('shown', () => {
  it.each([
    ['quotes a text', 'a"b', '"a\\"b"'],
    ['shows no line breaks', 'a\nb', '"a\\nb"'],
    ['says when there is nothing', undefined, 'nothing'],
    ['cuts what is long', 'x'.repeat(300), `"${'x'.repeat(255)}…`],
  ])('%s', (_what, value, text) => {
    expect(shown(value)).toBe(text);
  });
});
