import type { JsonObject } from '../../policy/json.js';
import {
  parseTokenIntrospector,
  type JwtIntrospector,
} from '../../resources/token-introspector/token-introspector.js';
import { claimsRefusal } from './claims.js';

const ISS = 'https://auth.example.com';
const NOW = Date.parse('2026-01-01T00:00:00Z');

function refusal(jwt: JsonObject, iss?: string): string | undefined {
  const introspector = parseTokenIntrospector({ id: 'a', type: 'jwt', jwt }) as JwtIntrospector;
  const claims = { exp: NOW / 1000 + 60, ...(iss === undefined ? {} : { iss }) };
  return claimsRefusal({ header: header(), claims }, introspector, NOW);
}

function header() {
  return { alg: 'RS256', kid: undefined, typ: undefined };
}

describe('the issuer, whatever routing chose', () => {
  it('must equal the one that the introspector names', () => {
    expect(refusal({ iss: ISS }, ISS)).toBeUndefined();
    expect(refusal({ iss: ISS }, `${ISS}/`)).toBe('unknown-issuer');
    expect(refusal({ iss: ISS })).toBe('unknown-issuer');
  });

  it('must be listed, or absent, where the introspector names none', () => {
    expect(refusal({ issuers: [ISS] }, ISS)).toBeUndefined();
    expect(refusal({ issuers: [ISS] })).toBeUndefined();
    expect(refusal({})).toBeUndefined();
    expect(refusal({ issuers: [ISS] }, 'https://other')).toBe('unknown-issuer');
    expect(refusal({}, ISS)).toBe('unknown-issuer');
  });
});

describe('the claims of a token', () => {
  const now = NOW / 1000;
  const refusalOf = (claims: JsonObject, jwt: JsonObject = {}): string | undefined => {
    const resource = { id: 'a', type: 'jwt', jwt: { iss: ISS, clock_skew: 10, ...jwt } };
    const introspector = parseTokenIntrospector(resource) as JwtIntrospector;
    return claimsRefusal({ header: header(), claims: { iss: ISS, ...claims } }, introspector, NOW);
  };
  const exp = now + 60;

  it.each<[string, JsonObject, string | undefined]>([
    ['are good', { exp, nbf: now, iat: now }, undefined],
    ['are good without nbf and iat', { exp }, undefined],
    ['have just not expired', { exp: now - 9 }, undefined],
    ['have expired', { exp: now - 10 }, 'expired'],
    ['expired long ago', { exp: 0 }, 'expired'],
    ['say nothing of exp', {}, 'missing-exp'],
    ['are just valid', { exp, nbf: now + 10 }, undefined],
    ['are not yet valid', { exp, nbf: now + 11 }, 'not-yet-valid'],
    ['are just issued', { exp, iat: now + 10 }, undefined],
    ['are issued in the future', { exp, iat: now + 11 }, 'issued-in-future'],
    ['are those of a refresh token', { exp, typ: 'Refresh' }, 'refresh-token'],
  ])('%s: %j → %j', (_what, claims, refused) => {
    expect(refusalOf(claims)).toBe(refused);
  });

  it('need no exp only where that is said, and count it all the same', () => {
    expect(refusalOf({}, { exp_required: false })).toBeUndefined();
    expect(refusalOf({ exp: now - 10 }, { exp_required: false })).toBe('expired');
  });

  it.each<[JsonObject, JsonObject, string | undefined]>([
    [{}, {}, undefined],
    [{}, { aud: 'others' }, undefined],
    [{ aud: 'fhir' }, { aud: 'fhir' }, undefined],
    [{ aud: 'fhir' }, { aud: ['others', 'fhir'] }, undefined],
    [{ aud: ['api', 'fhir'] }, { aud: 'fhir' }, undefined],
    [{ aud: 'fhir' }, { aud: 'FHIR' }, 'wrong-audience'],
    [{ aud: 'fhir' }, { aud: [] }, 'wrong-audience'],
    [{ aud: 'fhir' }, {}, 'wrong-audience'],
  ])('under %j, %j: %j', (jwt, claims, refused) => {
    expect(refusalOf({ exp, ...claims }, jwt)).toBe(refused);
  });

  it.each<[JsonObject, string | undefined]>([
    [{ scope: 'a', sub: 's' }, undefined],
    [{ scope: false, sub: 0 }, undefined],
    [{ scope: 'a' }, 'missing-claim'],
    [{ sub: 's' }, 'missing-claim'],
    [{ scope: null, sub: 's' }, 'missing-claim'],
  ])('that are demanded are there or not: %j → %j', (claims, refused) => {
    expect(refusalOf({ exp, ...claims }, { required_claims: ['scope', 'sub'] })).toBe(refused);
  });
});
