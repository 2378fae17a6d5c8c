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
