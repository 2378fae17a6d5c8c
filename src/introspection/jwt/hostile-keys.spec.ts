import { generateKeyPairSync } from 'node:crypto';
import { introspectionFixture } from '../../../test/support/introspection-fixture.js';
import { startJwksServer, jwksRequests } from '../../../test/support/jwks-server.js';
import {
  accessClaims,
  ecKey,
  edKey,
  rsaKey,
  secretKey,
  signature,
  signJwt,
  type SigningKey,
} from '../../../test/support/token-signer.js';

const ISS = 'https://auth.example.com';
const fixture = introspectionFixture();
const claims = accessClaims(ISS, fixture.clock.now());
const rsa = rsaKey('rsa');
const ec = ecKey('ec');
const ed = edKey('ed');
const attacker = rsaKey('rsa');
const server = await startJwksServer([rsa.jwk, ec.jwk, ed.jwk]);

beforeEach(() => {
  fixture.introspectors.set({ id: 'i', type: 'jwt', jwt: { iss: ISS }, jwks_uri: server.jwksUri });
});

afterAll(async () => {
  await fixture.stop();
  await server.stop();
});

function localKeys(...keys: readonly (readonly [string, SigningKey])[]): void {
  const entries = keys.map(([kty, { alg, pem }]) =>
    kty === 'OCT' ? { kty, alg, format: 'plain', k: pem } : { kty, alg, format: 'PEM', pub: pem },
  );
  fixture.introspectors.set({ id: 'i', type: 'jwt', jwt: { iss: ISS, keys: entries } });
}

function unsigned(header: object): string {
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  return `${encode(header)}.${encode(claims)}`;
}

describe('tokens that earn trust', () => {
  it.each([
    ['RS256', rsa],
    ['ES256', ec],
    ['EdDSA', ed],
  ])('accepts %s under a published key', async (_alg, key) => {
    await expect(fixture.refusals(signJwt(key, claims))).resolves.toEqual([]);
  });

  it.each(['RS384', 'RS512', 'PS256', 'PS384', 'PS512'])('accepts %s', async (alg) => {
    const key = rsaKey(undefined, alg);
    localKeys(['RSA', key]);

    await expect(fixture.refusals(signJwt(key, claims))).resolves.toEqual([]);
  });

  it.each(['ES256', 'ES384', 'ES512'] as const)('accepts %s of a local key', async (alg) => {
    const key = ecKey(undefined, alg);
    localKeys(['EC', key]);

    await expect(fixture.refusals(signJwt(key, claims))).resolves.toEqual([]);
  });

  it.each(['HS256', 'HS384', 'HS512'])('accepts %s under a short secret', async (alg) => {
    const jwt = { iss: ISS, secret: 'secret' };
    fixture.introspectors.set({ id: 'i', type: 'jwt', jwt });

    await expect(fixture.refusals(signJwt(secretKey('secret', alg), claims))).resolves.toEqual([]);
  });

  it('tries every local key of the algorithm, so that keys can be rotated', async () => {
    const next = rsaKey();
    localKeys(['RSA', rsa], ['RSA', next], ['OCT', secretKey('very-secret')]);

    await expect(fixture.refusals(signJwt(rsa, claims))).resolves.toEqual([]);
    await expect(fixture.refusals(signJwt(next, claims))).resolves.toEqual([]);
    await expect(fixture.refusals(signJwt(secretKey('very-secret'), claims))).resolves.toEqual([]);
  });

  it('tries no more than 16 local keys', async () => {
    const secrets = Array.from({ length: 17 }, (_, index) => secretKey(`secret ${index}`));
    localKeys(...secrets.map((key) => ['OCT', key] as const));

    await expect(fixture.refusals(signJwt(secrets[15] ?? rsa, claims))).resolves.toEqual([]);
    await expect(fixture.refusals(signJwt(secrets[16] ?? rsa, claims))).resolves.toEqual([
      'wrong-signature',
    ]);
  });
});

describe('alg none', () => {
  it.each(['none', 'None', 'NONE', 'nOnE', 'none ', ''])('refuses "%s"', async (alg) => {
    const input = unsigned({ alg, kid: 'rsa' });

    await expect(fixture.refusals(`${input}.`)).resolves.toEqual(['malformed']);
    await expect(fixture.refusals(`${input}.AAAA`)).resolves.toEqual(['wrong-algorithm']);
  });

  it.each(['rs256', 'RS256 ', 'HS1', 'RSA-OAEP', 'toString', 'constructor'])(
    'refuses the unknown algorithm "%s"',
    async (alg) => {
      const token = signJwt(rsa, claims, { alg });

      await expect(fixture.refusals(token)).resolves.toEqual(['wrong-algorithm']);
    },
  );
});

describe('confusion of algorithms', () => {
  it.each([
    ['its PEM', rsa.pem],
    ['its PEM without the last line break', rsa.pem.trim()],
    ['its JWK', JSON.stringify(rsa.jwk)],
    ['its modulus', rsa.jwk.n ?? ''],
  ])('refuses HMAC with a public key as the secret: %s', async (_form, secret) => {
    const token = signJwt(secretKey(secret), claims, { kid: 'rsa' });

    await expect(fixture.refusals(token)).resolves.toEqual(['wrong-algorithm']);
    localKeys(['RSA', rsa]);
    await expect(fixture.refusals(token)).resolves.toEqual(['wrong-algorithm']);
  });

  it('refuses HMAC under a local entry that calls a public key HS256', async () => {
    const entry = { kty: 'RSA', alg: 'HS256', format: 'PEM', pub: rsa.pem };
    fixture.introspectors.set({ id: 'i', type: 'jwt', jwt: { iss: ISS, keys: [entry] } });

    const token = signJwt(secretKey(rsa.pem), claims);

    await expect(fixture.refusals(token)).resolves.toEqual(['wrong-algorithm']);
  });

  it('refuses another algorithm of the same key than the one it is bound to', async () => {
    localKeys(['RSA', rsa]);
    const token = signJwt({ ...rsa, alg: 'RS384' }, claims);

    await expect(fixture.refusals(token)).resolves.toEqual(['wrong-algorithm']);
    fixture.introspectors.set({
      id: 'i',
      type: 'jwt',
      jwt: { iss: ISS },
      jwks_uri: server.jwksUri,
    });
    await expect(fixture.refusals(token)).resolves.toEqual(['wrong-algorithm']);
  });

  it('refuses an algorithm that the introspector does not list', async () => {
    const jwt = { iss: ISS, algorithms: ['ES256'] };
    fixture.introspectors.set({ id: 'i', type: 'jwt', jwt, jwks_uri: server.jwksUri });

    await expect(fixture.refusals(signJwt(rsa, claims))).resolves.toEqual(['wrong-algorithm']);
    await expect(fixture.refusals(signJwt(ec, claims))).resolves.toEqual([]);
  });

  it('refuses a token that names the key of another algorithm', async () => {
    const token = signJwt(rsa, claims, { kid: 'ec' });

    await expect(fixture.refusals(token)).resolves.toEqual(['wrong-algorithm']);
  });
});

describe('keys that a token brings', () => {
  it.each([
    ['jwk', { jwk: attacker.jwk }],
    ['jku', { jku: `${server.issuer}/attacker.json` }],
    ['x5u', { x5u: `${server.issuer}/attacker.pem` }],
    ['x5c', { x5c: [attacker.pem] }],
  ])('never uses nor fetches %s', async (_member, header) => {
    const token = signJwt(attacker, claims, header);

    await expect(fixture.refusals(token)).resolves.toEqual(['wrong-signature']);
    expect([...server.requests.keys()].filter((path) => path.includes('attacker'))).toEqual([]);
  });

  it('ignores them where the token is signed as it should be', async () => {
    const token = signJwt(rsa, claims, { jwk: attacker.jwk });

    await expect(fixture.refusals(token)).resolves.toEqual([]);
  });

  it('asks nobody about a token of an unknown issuer', async () => {
    const before = jwksRequests(server);
    const token = signJwt(rsa, { ...claims, iss: server.issuer });

    await expect(fixture.refusals(token)).resolves.toEqual(['unknown-issuer']);
    expect(jwksRequests(server)).toBe(before);
  });
});

describe('signatures', () => {
  it('refuses one by another key', async () => {
    await expect(fixture.refusals(signJwt(attacker, claims))).resolves.toEqual(['wrong-signature']);
  });

  it('refuses one over other claims', async () => {
    const [header, , sealed] = signJwt(rsa, claims).split('.');
    const other = Buffer.from(JSON.stringify({ ...claims, sub: 'admin' })).toString('base64url');

    await expect(fixture.refusals(`${header}.${other}.${sealed}`)).resolves.toEqual([
      'wrong-signature',
    ]);
  });

  it('refuses an ECDSA signature of zeros, and one in DER', async () => {
    const input = signJwt(ec, claims).split('.').slice(0, 2).join('.');
    const raw = signature(ec, input);
    const der = Buffer.concat([Buffer.from([0x30, 0x44, 2, 32]), raw.subarray(0, 32)]);
    const zero = Buffer.alloc(64).toString('base64url');

    await expect(fixture.refusals(`${input}.${raw.toString('base64url')}`)).resolves.toEqual([]);
    await expect(fixture.refusals(`${input}.${zero}`)).resolves.toEqual(['wrong-signature']);
    await expect(fixture.refusals(`${input}.${der.toString('base64url')}`)).resolves.toEqual([
      'wrong-signature',
    ]);
  });

  it('refuses a signature spelt in another way than the one it has', async () => {
    const token = signJwt(ec, claims);
    const last = token.at(-1) ?? '';
    const sibling = String.fromCharCode(last.charCodeAt(0) + 1);

    await expect(fixture.refusals(token.slice(0, -1) + sibling)).resolves.toEqual(['malformed']);
  });
});

describe('keys that are too weak', () => {
  it('refuses a local RSA key of 1024 bit', async () => {
    const weak = rsaKey('weak', 'RS256', 1024);
    localKeys(['RSA', weak]);

    await expect(fixture.refusals(signJwt(weak, claims))).resolves.toEqual(['wrong-algorithm']);
  });

  it('leaves a published RSA key of 1024 bit out', async () => {
    const weak = rsaKey('weak', 'RS256', 1024);
    const own = await startJwksServer([weak.jwk, rsa.jwk]);
    fixture.introspectors.set({ id: 'w', type: 'jwt', jwt: { iss: ISS }, jwks_uri: own.jwksUri });

    await expect(fixture.refusals(signJwt(weak, claims))).resolves.toEqual(['unknown-key']);
    await expect(fixture.refusals(signJwt(rsa, claims))).resolves.toEqual([]);
    await own.stop();
  });

  it('refuses a curve that JWS has no algorithm for', async () => {
    const pair = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
    const pem = pair.publicKey.export({ format: 'pem', type: 'spki' }).toString();
    const koblitz = { ...ec, pem, privateKey: pair.privateKey };
    localKeys(['EC', koblitz]);

    await expect(fixture.refusals(signJwt(koblitz, claims))).resolves.toEqual(['wrong-algorithm']);
  });
});
