import type { Json } from './json.js';
import { parseReference, sameTarget, type ReferenceTarget } from './reference.js';

const p1 = { resourceType: 'Patient', id: 'p1' };

describe('parseReference', () => {
  it.each<[string, Json, ReferenceTarget]>([
    ['a relative reference', 'Patient/p1', p1],
    ['one that begins with a slash', '/Patient/p1', p1],
    ['one to a version', 'Patient/p1/_history/2', p1],
    ['one that a member holds', { reference: 'Patient/p1' }, p1],
    ['a type and an id', { ...p1 }, p1],
    ['two forms that agree', { reference: 'Patient/p1', ...p1 }, p1],
    ['the id of the element beside a reference', { reference: 'Patient/p1', id: 'x' }, p1],
    [
      'what else a reference may have',
      { ...p1, type: 'Patient', display: 'Ann', identifier: {}, extension: [], _display: {} },
      p1,
    ],
    ['a contained resource', '#p1', { localRef: 'p1' }],
    ['a contained resource that a member names', { reference: '#p1' }, { localRef: 'p1' }],
    ['an absolute URL', 'https://a.example/Patient/p1', { uri: 'https://a.example/Patient/p1' }],
    ['one without TLS', 'http://a.example/Patient/p1', { uri: 'http://a.example/Patient/p1' }],
    ['a URN', 'urn:uuid:0c3151bd', { uri: 'urn:uuid:0c3151bd' }],
    [
      'the longest URL',
      `https://a.example/${'x'.repeat(2_030)}`,
      { uri: `https://a.example/${'x'.repeat(2_030)}` },
    ],
  ])('reads %s', (_what, value, expected) => {
    expect(parseReference(value)).toEqual(expected);
  });

  it.each<[string, Json | undefined]>([
    ['nothing', undefined],
    ['an empty text', ''],
    ['a number', 1],
    ['a list', ['Patient/p1']],
    ['a whole resource', { ...p1, active: true }],
    ['a contained resource without a name', '#'],
    ['two forms with other ids', { reference: 'Patient/p2', ...p1 }],
    ['two forms with other types', { reference: 'Group/p1', ...p1 }],
    ['a contained resource that says to be another', { reference: '#p1', ...p1 }],
    ['a reference that is none beside a type and an id', { reference: 'p1', ...p1 }],
    ['a reference that is no text beside a type and an id', { reference: 1, ...p1 }],
    ['a type without an id', { resourceType: 'Patient' }],
    ['a type without an id beside a reference', { reference: 'a/b', resourceType: 'Patient' }],
    ['an id without a type', { id: 'p1' }],
    ['a type in lower case', 'patient/p1'],
    ['more than a type and an id', 'Patient/p1/x'],
    ['something before the type', 'x/Patient/p1'],
    ['another scheme', 'ftp://a.example/Patient/p1'],
    ['a URL in a sentence', 'see https://a.example/Patient/p1'],
    ['a URL with a space', 'https://a.example/ x'],
    ['a URL that is too long', `https://a.example/${'x'.repeat(2_031)}`],
  ])('does not read %s', (_what, value) => {
    expect(parseReference(value)).toBeUndefined();
  });
});

describe('sameTarget', () => {
  const targets: readonly ReferenceTarget[] = [
    p1,
    { resourceType: 'Patient', id: 'p2' },
    { resourceType: 'Group', id: 'p1' },
    { uri: 'urn:a' },
    { uri: 'urn:b' },
    { localRef: 'p1' },
    { localRef: 'p2' },
  ];
  const pairs = targets.flatMap((one, at) =>
    targets.map((other, otherAt) => ({ one, other, isSame: at === otherAt })),
  );

  it.each(pairs)('of $one and $other is $isSame', ({ one, other, isSame }) => {
    expect(sameTarget(one, { ...other })).toBe(isSame);
  });
});
