import {
  introspectionFixture,
  TestClock,
  TestIntrospectionSettings,
  TestIntrospectors,
} from '../../../test/support/introspection-fixture.js';
import { startJwksServer } from '../../../test/support/jwks-server.js';
import { ecKey, rsaKey, secretKey, signJwt } from '../../../test/support/token-signer.js';
import type { JwtIntrospector } from '../../resources/token-introspector/token-introspector.js';
import { OutboundHttp } from '../outbound/outbound-http.js';
import { IntrospectorCheck } from './introspector-check.js';

const ISS = 'https://auth.example.com';
const NOW = Date.parse('2026-01-01T00:00:00Z') / 1000;

const rsa = rsaKey('k1');
const ec = ecKey('k2');
const stranger = rsaKey('k1');

const SIGNERS = {
  rsa,
  ec,
  stranger,
  secret: secretKey('secret'),
  unnamed: { ...rsa, kid: undefined },
};

/** Claims that differ from good ones in one respect. */
const CLAIMS: Readonly<Record<string, object>> = {
  good: {},
  'just expired': { exp: NOW - 30 },
  'expired within the skew': { exp: NOW - 29 },
  'without exp': { exp: undefined },
  'too early': { nbf: NOW + 31 },
  'from the future': { iat: NOW + 31 },
  'for others': { aud: ['account', 'other'] },
  'for several': { aud: ['account', 'fhir'] },
  'without aud': { aud: undefined },
  'from elsewhere': { iss: `${ISS}/` },
  'without iss': { iss: undefined },
  'an ID token': { token_use: 'id' },
  'a refresh token': { typ: 'Refresh' },
  'with a wrong type': { exp: 'tomorrow' },
  'with scope': { scope: 'a b' },
  'bound in an unknown way': { cnf: { kid: 'k' } },
};

const HEADERS: Readonly<Record<string, Record<string, unknown>>> = {
  plain: {},
  'at+jwt': { typ: 'at+jwt' },
  'another typ': { typ: 'dpop+jwt' },
  none: { alg: 'none' },
  crit: { crit: ['x'] },
  'unknown kid': { kid: 'k9' },
};

const INTROSPECTORS: Readonly<Record<string, object>> = {
  published: { jwt: { iss: ISS } },
  'with an audience': { jwt: { iss: ISS, aud: 'fhir' } },
  'with algorithms': { jwt: { iss: ISS, algorithms: ['ES256'] } },
  'with a secret': { jwt: { iss: ISS, secret: 'secret' }, jwks_uri: undefined },
  'that demands a claim': { jwt: { iss: ISS, required_claims: ['scope'] } },
  'that takes ID tokens without exp': {
    jwt: { iss: ISS, exp_required: false },
    accept_id_token: true,
  },
  'without an issuer': { jwt: { issuers: [ISS] } },
  inactive: { active: false, jwt: { iss: ISS } },
};

const tokens = Object.entries(SIGNERS).flatMap(([who, signer]) =>
  Object.entries(CLAIMS).flatMap(([what, claims]) =>
    Object.entries(HEADERS).map(([how, header]) => ({
      name: `${what}, header ${how}, signed by ${who}`,
      token: signJwt(
        signer,
        { iss: ISS, sub: 's', aud: 'fhir', iat: NOW, exp: NOW + 300, ...claims },
        header,
      ),
    })),
  ),
);

describe('the check of a token', () => {
  it.each(Object.entries(INTROSPECTORS))(
    'finds nothing wrong exactly with what an introspector %s vouches for',
    async (_name, resource) => {
      const issuer = await startJwksServer([rsa.jwk, ec.jwk]);
      const fixture = introspectionFixture();
      const http = new OutboundHttp(new TestIntrospectionSettings());
      const source = new TestIntrospectors();
      const stored = { id: 'i', type: 'jwt', jwks_uri: issuer.jwksUri, ...resource };
      fixture.introspectors.set(stored);
      source.set(stored);
      const check = new IntrospectorCheck(source, http, new TestClock(NOW * 1000));
      const introspector = source.all()[0] as JwtIntrospector;

      const disagreements: string[] = [];
      let accepted = 0;
      for (const { name, token } of tokens) {
        const { active } = await fixture.introspect(token);
        const { steps, vouched } = await check.run(introspector, token);
        const isFine = steps.every(({ status }) => status !== 'failed');
        if (isFine !== active || (vouched !== undefined) !== active) disagreements.push(name);
        if (active) accepted += 1;
      }

      await fixture.stop();
      await http.onModuleDestroy();
      await issuer.stop();
      expect(disagreements).toEqual([]);
      expect(accepted > 0).toBe(introspector.active);
    },
  );
});
