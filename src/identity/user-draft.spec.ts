import { parseScimMappings } from '../resources/identity-provider/scim-mapping.js';
import type { Json } from '../policy/json.js';
import { standardClaims, storableProfile } from './storable-profile.js';
import { userDraft } from './user-draft.js';

const IDENTIFIER = { system: 'kc', value: 's' };
const draft = (profile: Record<string, Json>, toScim: Json = {}) =>
  userDraft(profile, IDENTIFIER, parseScimMappings(toScim));

describe('userDraft', () => {
  it('keeps what the provider says in data, and the subject as identifier', () => {
    expect(draft({ sub: 's', email_verified: false })).toEqual({
      data: { sub: 's', email_verified: false },
      identifier: [IDENTIFIER],
    });
  });

  it('copies claims to the places that toScim names', () => {
    const profile = { mail: 'a@b', given_name: 'Ada', family_name: 'L', org: { a: 1 } };
    const toScim = {
      mail: ['email'],
      given_name: ['name', 'givenName'],
      family_name: ['name', 'familyName'],
      org: ['data', 'organization', 'raw'],
    };

    expect(draft(profile, toScim)).toEqual({
      email: 'a@b',
      name: { givenName: 'Ada', familyName: 'L' },
      data: { ...profile, organization: { raw: { a: 1 } } },
      identifier: [IDENTIFIER],
    });
  });

  it.each([
    ['no string', 'email', 1],
    ['an object', 'displayName', { a: 1 }],
    ['empty', 'userName', ''],
    ['too long for what must be unique', 'userName', 'x'.repeat(321)],
    ['too long', 'displayName', 'x'.repeat(4097)],
  ])('leaves out a value that is %s', (_what, element, value) => {
    expect(draft({ claim: value }, { claim: [element] })).not.toHaveProperty(element);
  });

  it('leaves out inherited claims and claims that are not there', () => {
    expect(draft({}, { toString: ['displayName'], mail: ['email'] })).toEqual({
      data: {},
      identifier: [IDENTIFIER],
    });
  });

  it('does not replace a claim in data that is no object', () => {
    expect(draft({ a: 'x', b: 'y' }, { b: ['data', 'a', 'deep'] })['data']).toEqual({
      a: 'x',
      b: 'y',
    });
  });
});

describe('storableProfile', () => {
  it('keeps what is storable as it is', () => {
    const profile = { sub: 's', emoji: '😀', list: [1, { a: null }], ok: true };

    expect(storableProfile(profile)).toEqual(profile);
  });

  it('drops NUL and lone surrogates, in names too', () => {
    expect(storableProfile({ 'a\0': ['x\0y', { '\udc00b': 'z\ud800' }] })).toEqual({
      a: ['xy', { b: 'z' }],
    });
  });

  it('keeps the short standard claims of one that is too large', () => {
    const large = { sub: 's', email: 'a@b', name: 'x'.repeat(5000), groups: 'x'.repeat(70_000) };

    expect(storableProfile(large)).toEqual({ sub: 's', email: 'a@b' });
  });
});

describe('standardClaims', () => {
  it('leaves out what is about the token', () => {
    const claims = { iss: 'i', sub: 's', exp: 1, aud: 'a', email: 'a@b', realm_access: {} };

    expect(standardClaims(claims)).toEqual({ sub: 's', email: 'a@b' });
  });
});
