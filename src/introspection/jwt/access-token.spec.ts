import type { JsonObject } from '../../policy/json.js';
import {
  parseTokenIntrospector,
  type JwtIntrospector,
} from '../../resources/token-introspector/token-introspector.js';
import { foreignPurpose } from './access-token.js';

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';

function purpose(
  claims: JsonObject,
  typ?: string,
  { accept_id_token = false, ...jwt }: JsonObject = {},
): string | undefined {
  const resource = { id: 'a', type: 'jwt', accept_id_token, jwt: { aud: 'fhir', ...jwt } };
  const introspector = parseTokenIntrospector(resource) as JwtIntrospector;
  return foreignPurpose({ header: { alg: 'RS256', kid: undefined, typ }, claims }, introspector);
}

describe('the typ of a token', () => {
  it.each<[string | undefined, string | undefined]>([
    [undefined, undefined],
    ['JWT', undefined],
    ['jwt', undefined],
    ['application/jwt', undefined],
    ['at+jwt', undefined],
    ['application/AT+JWT', undefined],
    ['', 'wrong-type'],
    ['logout+jwt', 'wrong-type'],
    ['dpop+jwt', 'wrong-type'],
    ['jwt+x', 'wrong-type'],
    ['application/application/jwt', 'wrong-type'],
    ['x-application/jwt', 'wrong-type'],
    ['jwtapplication/', 'wrong-type'],
  ])('%j: %j', (typ, refusal) => {
    expect(purpose({}, typ)).toBe(refusal);
  });

  it.each<[string | undefined, string | undefined]>([
    ['at+jwt', undefined],
    ['application/at+jwt', undefined],
    ['JWT', 'wrong-type'],
    [undefined, 'wrong-type'],
  ])('%j, where one is demanded: %j', (typ, refusal) => {
    expect(purpose({}, typ, { typ: 'application/at+jwt' })).toBe(refusal);
  });
});

describe('what a token says that it is for', () => {
  it.each<[string, JsonObject, string | undefined]>([
    ['nothing', {}, undefined],
    ['an access token of Keycloak', { typ: 'Bearer' }, undefined],
    ['one of Cognito', { token_use: 'access' }, undefined],
    ['a refresh token', { typ: 'Refresh' }, 'refresh-token'],
    ['an offline token', { typ: 'Offline' }, 'refresh-token'],
    ['a refresh token of Cognito', { token_use: 'refresh' }, 'refresh-token'],
    [
      'a refresh token that calls itself an access token',
      { typ: 'Refresh', token_use: 'access' },
      'refresh-token',
    ],
    ['a logout token', { events: { [EVENT]: {} } }, 'logout-token'],
    ['a logout token of Keycloak', { typ: 'Logout' }, 'logout-token'],
    ['another event', { events: { x: {} } }, undefined],
    ['an ID token', { typ: 'ID' }, 'id-token'],
    ['an ID token of Cognito', { token_use: 'id' }, 'id-token'],
    ['an ID token with a scope', { token_use: 'id', scope: 'openid' }, 'id-token'],
    ['at_hash', { at_hash: 'x', scope: 'a' }, 'id-token'],
    ['c_hash', { c_hash: 'x', scope: 'a' }, 'id-token'],
    ['s_hash', { s_hash: 'x', scope: 'a' }, 'id-token'],
    ['a nonce', { nonce: 'n' }, 'id-token'],
    ['a nonce beside a scope', { nonce: 'n', scope: 'a' }, undefined],
    ['a nonce beside an scp', { nonce: 'n', scp: ['a'] }, undefined],
    ['a nonce in a Bearer of Keycloak', { nonce: 'n', typ: 'Bearer' }, undefined],
    ['a nonce in an access token of Cognito', { nonce: 'n', token_use: 'access' }, undefined],
    ['marks that are no text', { typ: 1, token_use: ['id'] }, undefined],
  ])('%s: %j → %j', (_what, claims, refusal) => {
    expect(purpose(claims)).toBe(refusal);
  });

  it('is an access token by its typ, whatever nonce it has', () => {
    expect(purpose({ nonce: 'n' }, 'at+jwt')).toBeUndefined();
    expect(purpose({ nonce: 'n' }, 'JWT')).toBe('id-token');
    expect(purpose({ typ: 'ID' }, 'at+jwt')).toBe('id-token');
  });

  it('lets ID tokens pass where they are accepted, and no others', () => {
    const accepting = { accept_id_token: true };

    expect(purpose({ typ: 'ID', nonce: 'n', at_hash: 'x' }, 'JWT', accepting)).toBeUndefined();
    expect(purpose({ typ: 'Refresh' }, 'JWT', accepting)).toBe('refresh-token');
    expect(purpose({ typ: 'Logout' }, 'JWT', accepting)).toBe('logout-token');
    expect(purpose({}, 'dpop+jwt', accepting)).toBe('wrong-type');
  });
});
