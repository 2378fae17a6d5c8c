import type { JsonObject } from '../../policy/json.js';
import {
  parseTokenIntrospector,
  type EndpointIntrospector,
} from '../../resources/token-introspector/token-introspector.js';
import { answerRefusal, withoutToken } from './answer.js';

const introspector = parseTokenIntrospector({ id: 'o', type: 'opaque' }) as EndpointIntrospector;
const BOUND = { cnf: { jkt: 'A'.repeat(43) } };

describe('answerRefusal', () => {
  it.each([
    ['refresh-token', { typ: 'Refresh' }],
    ['refresh-token', { typ: 'Offline' }],
    ['refresh-token', { token_use: 'refresh' }],
    ['refresh-token', { token_type: 'refresh_token' }],
    ['id-token', { typ: 'ID' }],
    ['id-token', { token_use: 'id' }],
    ['id-token', { token_type: 'id_token' }],
    ['logout-token', { typ: 'Logout' }],
    ['id-token', { typ: 'ID', ...BOUND }],
    ['logout-token', { token_use: 'logout_token', ...BOUND }],
    ['wrong-type', { token_type: 'DPoP' }],
    ['wrong-type', { token_type: 'pop' }],
    ['wrong-type', { token_type: 'MAC' }],
  ])('is %s for %j', (code, members) => {
    expect(answerRefusal({ active: true, ...members }, introspector, 0)).toBe(code);
  });

  it.each([
    {},
    { typ: 'Bearer', token_use: 'access', token_type: 'Bearer' },
    { token_type: 'access_token' },
    { token_type: 'DPoP', ...BOUND },
  ])('takes %j for an access token', (members) => {
    expect(answerRefusal({ active: true, ...members }, introspector, 0)).toBeUndefined();
  });
});

describe('what an endpoint answers', () => {
  const NOW = 1_000;
  const named = parseTokenIntrospector({
    ...{ id: 'o', type: 'opaque', jwt: { iss: 'i', aud: ['a', 'b'], clock_skew: 10 } },
  }) as EndpointIntrospector;
  const good = { active: true, iss: 'i', aud: 'a', exp: NOW + 1 };

  it.each<[string, JsonObject]>([
    ['all that is demanded', {}],
    ['one of its audiences among others', { aud: ['x', 'b'] }],
    ['just valid', { nbf: NOW + 10 }],
    ['texts', { client_id: 'c', username: 'u', token_type: 'Bearer', scope: 'a b' }],
    ['a list of scopes', { scope: ['a', 'b'] }],
    ['no scopes', { scope: [] }],
    ['marks that are no text', { typ: 1, token_use: ['id'] }],
  ])('vouches with %s', (_what, members) => {
    expect(answerRefusal({ ...good, ...members }, named, NOW * 1_000)).toBeUndefined();
  });

  it.each<[string, JsonObject]>([
    ['inactive', { active: false }],
    ['inactive', { active: 'true' }],
    ['inactive', { active: 1 }],
    ['claim-type', { exp: 'never' }],
    ['claim-type', { aud: [1] }],
    ['claim-type', { client_id: 1 }],
    ['claim-type', { username: ['u'] }],
    ['claim-type', { token_type: null }],
    ['claim-type', { scope: 1 }],
    ['claim-type', { scope: null }],
    ['claim-type', { scope: ['a', 1] }],
    ['claim-type', { scope: [1, 'a'] }],
    ['unknown-issuer', { iss: 'x' }],
    ['expired', { exp: NOW }],
    ['expired', { exp: 0 }],
    ['not-yet-valid', { nbf: NOW + 11 }],
    ['wrong-audience', { aud: 'x' }],
    ['wrong-audience', { aud: [] }],
  ])('is %s with %j', (code, members) => {
    expect(answerRefusal({ ...good, ...members }, named, NOW * 1_000)).toBe(code);
  });

  it('names issuer and audience where they are demanded, and only there', () => {
    const answer = { active: true };

    expect(answerRefusal(answer, named, 0)).toBe('unknown-issuer');
    expect(answerRefusal({ ...answer, iss: 'i' }, named, 0)).toBe('wrong-audience');
    expect(answerRefusal(answer, introspector, 0)).toBeUndefined();
  });
});

describe('withoutToken', () => {
  it('leaves the token out wherever it stands, and the rest as it is', () => {
    const answer = { t: 'secret', a: ['secret', 'x', { b: 'secret', c: 1 }], d: { e: 'secret' } };
    const kept = withoutToken(answer, 'secret');

    expect(kept).toEqual({ a: ['x', { c: 1 }], d: {} });
    expect(Object.isFrozen(kept)).toBe(true);
    expect(Object.isFrozen(kept['a'])).toBe(true);
  });
});
