import type { JsonObject } from '../policy/json.js';
import { parseTokenIntrospector } from '../resources/token-introspector/token-introspector.js';
import { judgesOfUnread, routeTable, type RouteTable } from './route.js';

const ISS = 'https://auth.example.com';
const JWE = 'eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkExMjhHQ00ifQ.a.b.c.d';

const cookie = { id: 'cookie', type: 'aspxauth' };
const jwt = { id: 'jwt', type: 'jwt', jwt: { iss: ISS, secret: 's' } };
const opaque = { id: 'opaque', type: 'opaque' };
const forJwts = { id: 'for-jwts', type: 'opaque', accept_jwt: true };

function table(...resources: readonly JsonObject[]): RouteTable {
  return routeTable(resources.map((resource) => parseTokenIntrospector(resource)));
}

const ids = (list: readonly { readonly id: string }[]): string[] => list.map(({ id }) => id);

describe('a cookie', () => {
  it.each<[string, JsonObject[], boolean, string[]]>([
    ['an introspector for it is there', [jwt, cookie, opaque], true, ['cookie']],
    ['it is not active', [jwt, { ...cookie, active: false }], true, []],
    ['there is none', [jwt, opaque], false, []],
    ['there is nothing', [], false, []],
  ])('is a credential where %s: %#', (_what, resources, takesCookies, judges) => {
    const routes = table(...resources);

    expect(routes.takesCookies).toBe(takesCookies);
    expect(ids(routes.aspxauth)).toEqual(judges);
  });
});

describe('a token that is no signed one', () => {
  const routes = table(forJwts, opaque, cookie, jwt);

  it.each([
    ['an opaque one', 'abc', 'malformed', ['for-jwts', 'opaque']],
    ['an encrypted one', JWE, 'encrypted', ['for-jwts']],
    ['one that looks signed and is not', 'eyJhbGciOiJIUzI1NiJ9.e30.', 'malformed', []],
    ['one that is too long', 'abc', 'too-long', []],
    ['one with claims of the wrong type', 'abc', 'claim-type', []],
  ] as const)('goes by what it is: %s', (_what, token, unread, judges) => {
    expect(ids(judgesOfUnread(routes, token, unread))).toEqual(judges);
  });
});

describe('a signed token', () => {
  it('goes to those that take JWTs and name its issuer or none', () => {
    const ofIssuer = { ...forJwts, id: 'of-issuer', jwt: { iss: ISS } };
    const routes = table(forJwts, ofIssuer, opaque, jwt);
    const judges = (iss: string): unknown => {
      const found = routes.signed('x', iss);
      return typeof found === 'string' ? found : [ids(found.jwt), ids(found.opaque())];
    };

    expect(judges(ISS)).toEqual([['jwt'], ['for-jwts', 'of-issuer']]);
    expect(judges('https://other')).toEqual([[], ['for-jwts']]);
  });

  it('goes to one that names no issuer if it is of none, or of one that is listed there', () => {
    const fallback = { id: 'fallback', type: 'jwt', jwt: { issuers: [ISS], secret: 's' } };
    const open = { id: 'open', type: 'jwt', jwt: { secret: 's' } };
    const judges = (iss: string | undefined, ...all: readonly JsonObject[]): unknown => {
      const found = table(...all).route(iss);
      return typeof found === 'string' ? found : ids(found);
    };

    expect(judges(ISS, fallback, open)).toEqual(['fallback']);
    expect(judges('https://other', fallback, open)).toBe('unknown-issuer');
    expect(judges(undefined, fallback, open, jwt)).toEqual(['fallback', 'open']);
    expect(judges(undefined, jwt, cookie, opaque)).toBe('unknown-issuer');
  });

  it('of an issuer that only inactive ones name goes to nobody', () => {
    expect(table({ ...jwt, active: false }, forJwts).signed('x', ISS)).toBe('inactive-issuer');
    expect(table({ ...jwt, active: false }, jwt).route(ISS)).not.toBe('inactive-issuer');
  });
});
