import type { ValueSetDefinition } from '../definitions/type-definition.js';
import { Bindings } from './bindings.js';

describe('Bindings', () => {
  it('keep what they know, and nothing of what they do not', () => {
    const asked: string[] = [];
    const known: ValueSetDefinition = { url: 'urn:known', systems: { 'urn:s': ['a'] } };
    const bindings = new Bindings({
      valueSet: (url) => {
        asked.push(url);
        return url === 'urn:known' ? known : undefined;
      },
    });
    const found = ['urn:known', 'urn:other', 'urn:known', 'urn:other'].map(
      (url) => bindings.find(url)?.has('urn:s', 'a') ?? false,
    );

    expect(found).toEqual([true, false, true, false]);
    expect(asked).toEqual(['urn:known', 'urn:other', 'urn:other']);
  });
});
