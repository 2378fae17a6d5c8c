import { compileRegex, MAX_LOOKAROUND_SUBJECT } from './regex.js';
import { UnsupportedRegex } from './regex-syntax.js';

describe('compileRegex', () => {
  it.each<[string, string, boolean]>([
    ['Encounter', '/fhir/Encounter/1', true],
    ['Encounter', '/fhir/Patient/1', false],
    ['^/fhir/.*$', '/fhir/Patient', true],
    ['^(?i)/FHIR', '/fhir/Patient', true],
    ['^(?i)/FHIR', '/Patient', false],
    ['^/FHIR', '/fhir/Patient', false],
    ['a(?i)b|C', 'c', true],
    ['(?:(?i)b)C', 'Bc', false],
    ['(?i:b)C', 'BC', true],
    ['(?s)a.b', 'a\nb', true],
    ['a.b', 'a\nb', false],
    ['(?m)^b$', 'a\nb', true],
    ['^b$', 'a\nb', false],
    ['^a$', 'a\n', false],
    ['^a\\Z', 'a\n', true],
    ['^a\\Z', 'ab', false],
    ['\\p{Alpha}+\\d{2,3}', 'ab12', true],
    ['^\\p{Lu}$', 'É', true],
    ['[\\p{Digit}_-]x', '_x', true],
    ['\\Qa.b\\E', 'a.b', true],
    ['\\Qa.b\\E', 'axb', false],
    ['^\\Qabc\\E+$', 'abccc', true],
    ['^\\Qabc\\E+$', 'abcabc', false],
    ['^\\Qabc\\E$', 'abc', true],
    ['\\u0041\\x42', 'AB', true],
    ['\\h', '\u00a0', true],
    ['\\v', '\u2028', true],
    ['^.$', '😀', true],
    ['^(?<name>a)?b', 'ab', true],
    ['^\\P{Lu}$', 'é', true],
    ['^\\P{Lu}$', 'É', false],
    ['^\\p{^Lu}$', 'É', false],
    ['^\\P{^Lu}$', 'É', true],
    ['^\\P{Alpha}$', '1', true],
    ['^\\P{Alpha}$', 'a', false],
    ['^[\\P{Digit}]$', '1', false],
    ['^[^a-c]$', 'b', false],
    ['^[^a-c]$', 'd', true],
    ['^\\H\\V$', 'ab', true],
    ['^\\H$', '\t', false],
    ['^\\V$', '\n', false],
    ['^[\\h]$', '\t', true],
    ['^\\cJ$', '\n', true],
    ['^\\t$', '\t', true],
    ['^\\r\\f\\n$', '\r\f\n', true],
    ['^\\a\\e$', '\u0007\u001b', true],
    ['^\\x41\\x{42}$', 'AB', true],
    ['^[\\hx]$', 'x', true],
    ['\\Aa', 'ba', false],
    ['\\Aa', 'ab', true],
    ['a\\z', 'ab', false],
    ['a\\z', 'ba', true],
    ['^\\x{1F600}$', '😀', true],
    ['^[a-c]$', 'd', false],
    ['^\\h$', 'a', false],
    ['^\\pL$', 'a', true],
    ['^\\pL$', '1', false],
    ['a(?-i)b', 'ab', true],
    ['(?i)a(?-i)b', 'Ab', true],
    ['(?i)a(?-i)b', 'AB', false],
    ['(?i)a(?-i:b)c', 'AbC', true],
    ['(?i)a(?-i:b)c', 'ABC', false],
    ['^\\Qabc\\E+$', 'abc', true],
    ['^\\Qab.', 'ab.', true],
    ['^\\Qab.', 'abc', false],
    ['^a+?$', 'aa', true],
    ['^a{2}?$', 'aa', true],
    ['^a{2,}$', 'a', false],
    ['^a{2,}$', 'aaa', true],
    ['^a{2,3}$', 'aaaa', false],
    ['^a{0,}$', '', true],
    ['(?m)^b', 'ab', false],
    ['(?m)a$', 'ab', false],
    ['\\bb', 'ab', false],
    ['a\\B', 'a', false],
  ])('%s on %j is %s, as in Java', (source, subject, expected) => {
    expect(compileRegex(source).test(subject)).toBe(expected);
  });

  it.each<[string, string, boolean]>([
    ['^(?i)(?!/auth).*', '/fhir/Patient', true],
    ['^(?i)(?!/auth).*', '/AUTH/login', false],
    ['^/fhir/(?!Patient$)[A-Z]\\w+$', '/fhir/Observation', true],
    ['^/fhir/(?!Patient$)[A-Z]\\w+$', '/fhir/Patient', false],
    ['^/fhir/(?!Patient$)[A-Z]\\w+$', '/fhir/PatientX', true],
    ['^(?=.*\\d)(?=.*[a-z]).{4,}$', 'ab12', true],
    ['^(?=.*\\d)(?=.*[a-z]).{4,}$', 'abcd', false],
    ['foo(?!bar)', 'foobar foobaz', true],
    ['foo(?!bar)', 'foobar', false],
    ['foo(?=bar)', 'foobar', true],
    ['foo(?=bar)', 'foobaz', false],
    ['(?<=/)Patient', '/Patient', true],
    ['(?<=/)Patient', 'xPatient', false],
    ['(?<!x)Patient', '/Patient', true],
    ['(?<!x)Patient', 'xPatient', false],
    ['^(?:(?!secret).)*$', 'a public path', true],
    ['^(?:(?!secret).)*$', 'a secret path', false],
    ['^(?!a(?!b))', 'ab', true],
    ['^(?!a(?!b))', 'ac', false],
    ['\\b(?!cat)\\w+\\b$', 'cat dog', true],
    ['^(?=(?:ab)*$)', 'abab', true],
    ['^(?=(?:ab)*$)', 'aba', false],
    ['^(?:a|b(?=c))+$', 'ab', false],
    ['^(?:a|b(?=c))+c$', 'abc', true],
    ['^(?=a{2,3}$)', 'a', false],
    ['^(?=a{2,3}$)', 'aa', true],
    ['^(?=a{2,3}$)', 'aaa', true],
    ['^(?=a{2,3}$)', 'aaaa', false],
    ['^(?=a{2}$)', 'aaa', false],
    ['^(?=a?b)', 'aab', false],
    ['(?<=^a{1,2})b', 'aab', true],
    ['(?<=^a{1,2})b', 'aaab', false],
    ['(?<=ab)c', 'abc', true],
    ['(?<=ab)c', 'bac', false],
    ['a(?=\\b)', 'ab', false],
    ['a(?=\\b)', 'a b', true],
    ['a(?=\\B)', 'ab', true],
    ['a(?=\\B)', 'a', false],
    ['(?m)(?=^b)', 'a\nb', true],
    ['(?=^b)', 'a\nb', false],
    ['(?m)(?<=a$)', 'a\nb', true],
    ['(?<=a$)', 'a\nb', false],
    ['(?=^b)', 'ab', false],
    ['(?<=a$)', 'ab', false],
    ['(?m)(?=^b)', 'ab', false],
    ['(?m)(?<=a$)', 'ab', false],
    ['(?=\\b)b', 'ab', false],
    ['(?=\\bb)b', '(b', true],
  ])('%s with lookarounds on %j is %s', (source, subject, expected) => {
    expect(compileRegex(source).test(subject)).toBe(expected);
  });

  it.each([
    '',
    'a*+',
    'a++',
    '(?>a)',
    '(a)\\1',
    '(?<n>a)\\k<n>',
    '[a-z&&[^b]]',
    '[a&&b]',
    '[a[b]]',
    '[]a]',
    '[]a[b]',
    '\\p',
    '\\p{',
    '[\\H]',
    '(?=?:a)',
    '(?x)a b',
    '(?U)a',
    '\\G',
    '\\R',
    '(a{1000}){1000}',
    'a{2,1}',
    '(?=a)*',
    '*a',
    '(a',
    'a)',
    '\\p{NoSuchScript}',
    '[z-a]',
    'a\\',
    '(?=\\p{NoSuchScript})',
    `(?=${'a{100}'.repeat(6)})`,
    '('.repeat(40) + ')'.repeat(40),
    'a'.repeat(2_001),
  ])('refuses %j', (source) => {
    expect(() => compileRegex(source)).toThrow(UnsupportedRegex);
  });

  it.each([
    ['(?>a)', 'atomic groups are not supported'],
    ['(?#a)', 'this kind of group is unknown'],
    ['a**', 'a quantifier follows a quantifier'],
    ['a{2}{3}', 'a quantifier follows a quantifier'],
    ['\\Q\\E+', 'a quantifier follows nothing'],
    ['^*', 'a quantifier must follow something that takes characters'],
    ['(a)\\1', 'back references cannot be matched in linear time'],
    ['(?<n>a)\\k<n>', 'back references cannot be matched in linear time'],
    ['\\G', 'the escape \\G is not supported'],
    ['a*+', 'possessive quantifiers: not supported'],
    ['+a', '"+" repeats nothing'],
    ['a{2,1}(?=b)', 'repetitions go from small to large, up to 1000'],
    ['a{1001}(?=b)', 'repetitions go from small to large, up to 1000'],
    ['a{1001,}(?=b)', 'repetitions go from small to large, up to 1000'],
    ['a{0,1001}(?=b)', 'repetitions go from small to large, up to 1000'],
  ])('says of %s that %s', (source, message) => {
    expect(() => compileRegex(source)).toThrow(message);
  });

  it.each([
    ['a{1000}', 'too large once'],
    ['a{1000,}', 'too large once'],
    ['a{0,1000}', 'too large once'],
    ['a{999}bc', 'too large once'],
    ['a{998,}bc', 'too large once'],
    ['(?=a)a{249}', 'too large once'],
    [`${'('.repeat(33)}a${')'.repeat(33)}`, 'nested too deeply'],
  ])('refuses %s as %s', (source, message) => {
    expect(() => compileRegex(source)).toThrow(message);
  });

  it.each(['a{999}b', 'a{998,}b', '(?=a)a{248}', `${'('.repeat(32)}a${')'.repeat(32)}`])(
    'takes %s, which is as large as may be',
    (source) => {
      expect(compileRegex(source).test('a'.repeat(999) + 'b')).toBe(true);
    },
  );

  it('refuses with an error of that name', () => {
    expect(String(new UnsupportedRegex('a'))).toBe('UnsupportedRegex: a');
  });

  it('takes as many characters as it may have', () => {
    expect(compileRegex(`[${'a'.repeat(1_998)}]`).test('a')).toBe(true);
    expect(() => compileRegex(`[${'a'.repeat(1_999)}]`)).toThrow('longer than 2000');
  });

  it.each([
    '^(?:a+)+$',
    '^(?:a|a)*$',
    '^(?=(?:a+)+$)',
    '^(?!(?:a|aa)+$)(?<!(?:a*)*b)',
    '(?<=(?:a+)+)b',
  ])('%s answers on a subject made to blow up backtracking', (source) => {
    const subject = `${'a'.repeat(4_000)}!`;

    expect(typeof compileRegex(source).test(subject)).toBe('boolean');
  });

  it('judges no subject beyond the bound of its kind', () => {
    const longest = 'a'.repeat(MAX_LOOKAROUND_SUBJECT);

    expect(compileRegex('(?=a)a').test(longest)).toBe(true);
    expect(compileRegex('(?=a)a').test(`${longest}a`)).toBeUndefined();
    expect(compileRegex('(?!b)a').test(`${longest}a`)).toBeUndefined();
    expect(compileRegex('a').test(`${longest}a`)).toBe(true);
  });
});
