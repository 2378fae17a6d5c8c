import { isSameResource, parseReference } from './reference.js';

describe('parseReference', () => {
  it.each([
    ['User/u1'],
    [{ reference: 'User/u1', display: 'Ann' }],
    [{ resourceType: 'User', id: 'u1' }],
    [{ reference: 'User/u1', resourceType: 'User', id: 'u1' }],
    [{ reference: 'User/u1', id: 'element-id' }],
  ])('parses %j', (value) => {
    expect(parseReference(value)).toEqual({ resourceType: 'User', id: 'u1' });
  });

  it('tells the version', () => {
    expect(parseReference('User/u1/_history/3')).toEqual({
      resourceType: 'User',
      id: 'u1',
      versionId: '3',
    });
  });

  it.each([
    ['/User/u1'],
    ['user/u1'],
    ['User/'],
    ['User/a b'],
    [`User/${'a'.repeat(65)}`],
    ['User/u1\n'],
    ['User/u1/_history'],
    ['https://example.org/fhir/User/u1'],
    ['#u1'],
    ['urn:uuid:0b1e1c4e-7a1c-4a8e-9d7e-0d4a6a3a9a11'],
    [{ resourceType: 'User' }],
    [{ resourceType: 'User', id: 1 }],
    [{ reference: 'User/u1', resourceType: 'User', id: 'u2' }],
    [Object.create({ reference: 'User/u1' })],
    [['User/u1']],
    [null],
    [undefined],
    [1],
  ])('does not take %j for a reference', (value) => {
    expect(parseReference(value)).toBeUndefined();
  });
});

describe('isSameResource', () => {
  it('compares type and id, not the version', () => {
    const user = parseReference('User/u1');

    expect(isSameResource(user, parseReference('User/u1/_history/3'))).toBe(true);
    expect(isSameResource(user, parseReference('User/u2'))).toBe(false);
    expect(isSameResource(user, parseReference('Client/u1'))).toBe(false);
  });

  it('never finds two missing references the same', () => {
    expect(isSameResource(undefined, undefined)).toBe(false);
  });
});
