import { compileRegex } from './regex.js';
import { parseRegex } from './regex-parser.js';
import { literalPrefix } from './regex-prefix.js';

describe('the prefix of an expression', () => {
  it.each([
    ['^/fhir/Patient/', '/fhir/Patient/'],
    ['^/fhir/Patient$', '/fhir/Patient'],
    ['^/fhir/(?:Patient|Device)', '/fhir/'],
    ['^/fhir/[^/]+$', '/fhir/'],
    ['^ab?c', 'a'],
    ['^ab{2}', 'a'],
    ['^a\\.b\\d', 'a.b'],
    ['\\Aab', 'ab'],
    ['^é😀x', 'é😀x'],
  ])('of %s is %s', (source, prefix) => {
    expect(literalPrefix(parseRegex(source))).toBe(prefix);
  });

  it.each(['ab', '(?i)^ab', '^(?i)ab', '(?m)^ab', '^ab|c', '^.', '$', 'a^b'])(
    'is empty for %s',
    (source) => {
      expect(literalPrefix(parseRegex(source))).toBe('');
    },
  );

  it.each([
    ['^ab', 'ab', true],
    ['^ab', 'xab', false],
    ['^ab$', 'abc', false],
    ['(?i)^ab', 'AB', true],
    ['(?m)^ab', 'x\nab', true],
    ['^ab|c', 'xc', true],
    ['^a?b', 'b', true],
  ])('leaves what %s says of %j: %s', (source, subject, found) => {
    expect(compileRegex(source).test(subject)).toBe(found);
  });

  it('spares subjects that begin otherwise the work', () => {
    const { workOn } = compileRegex('^/fhir/Patient');

    expect(workOn('/fhir/Patient/1')).toBeGreaterThan(0);
    expect(workOn('/fhir/Device/1')).toBe(0);
  });
});
