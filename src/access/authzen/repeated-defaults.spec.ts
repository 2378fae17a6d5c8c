import { repeatsTooMuch } from './repeated-defaults.js';

const batch = (count: number, item: Record<string, unknown> = {}) =>
  Array.from({ length: count }, () => item) as Record<string, string>[];
const context = (values: number) => ({ body: Array.from({ length: values }, () => 1) });

describe('repeatsTooMuch', () => {
  it.each([
    ['a large default once', { context: context(900_000) }, batch(1), false],
    ['a large default often', { context: context(20_000) }, batch(100), true],
    ['a small default often', { context: context(5_000) }, batch(100), false],
    ['a default that none takes', { context: context(20_000) }, batch(100, { context: {} }), false],
    ['a default beside nothing', { context: context(20_000) }, batch(100, { context: null }), true],
    ['several defaults', { context: context(6_000), subject: context(6_000) }, batch(100), true],
    ['no default', {}, batch(100), false],
  ])('%s: %#', (_what, source, items, expected) => {
    expect(repeatsTooMuch(source, items)).toBe(expected);
  });
});
