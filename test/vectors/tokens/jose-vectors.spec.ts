import { createSecretKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseCompactJws, tokenDigest } from '../../../src/introspection/jwt/jwt.js';
import { JwtStrategy } from '../../../src/introspection/jwt/jwt.strategy.js';
import type { KeySet } from '../../../src/introspection/jwt/key-set.js';
import { selectKeys } from '../../../src/introspection/jwt/select-keys.js';
import { verifySignature } from '../../../src/introspection/jwt/verify-signature.js';
import { parseStrictJson } from '../../../src/introspection/strict-json.js';
import type { JsonObject } from '../../../src/policy/json.js';
import type { JwtIntrospector } from '../../../src/resources/token-introspector/token-introspector.js';
import { HMAC_ALGORITHMS } from '../../../src/resources/token-introspector/verification-key.js';
import { introspectionFixture } from '../../support/introspection-fixture.js';
import {
  cookbookExamples,
  hasJoseVectors,
  joseVectors,
  type JoseVector,
} from '../../support/jose-vectors.js';
import { startJwksServer, type JwksServer } from '../../support/jwks-server.js';
import { accessClaims } from '../../support/token-signer.js';

/** A case that is decided otherwise than its file says, and why. */
interface Exception {
  readonly file: string;
  readonly tcId: number;
  readonly accepted: boolean;
  readonly name: string;
}

interface RfcExample {
  readonly name: string;
  readonly jwk: JsonObject;
  readonly token: string;
  readonly verifies: boolean;
  readonly refusal: string | null;
}

const ISS = 'https://auth.example.com';
// Nothing remembered: the claims that `verifies` puts into a vector must not outlive it.
const fixture = introspectionFixture({ rememberedTokens: 0 });
const strategy = new JwtStrategy(fixture.keySets, fixture.remembered, fixture.clock);
let server: JwksServer;
let revision = 0;

beforeAll(async () => {
  server = await startJwksServer();
});
afterAll(async () => {
  await fixture.stop();
  await server.stop();
});

if (hasJoseVectors) {
  const exceptions = vectors('jose-exceptions.json') as readonly Exception[];
  const files = ['json_web_signature', 'json_web_key', 'json_web_crypto'];

  describe.each(files)('the attack vectors of %s', (file) => {
    it.each(joseVectors(file, 'jws'))('$tcId $title', async (vector) => {
      const exception = exceptions.find((one) => one.file === file && one.tcId === vector.tcId);

      await expect(verifies(vector)).resolves.toBe(exception?.accepted ?? vector.isValid);
    });

    // What they sign is no claims object, so nobody is authenticated by the valid ones either.
    it.each(joseVectors(file, 'jws'))('$tcId authenticates nobody', async ({ token, jwks }) => {
      publish(jwks);

      expect((await fixture.introspect(token)).active).toBe(false);
    });
  });

  // Valid ones too: an encrypted token is no access token here.
  describe.each(['json_web_encryption', 'json_web_crypto'])('the encryptions of %s', (file) => {
    it.each(joseVectors(file, 'jwe'))('$tcId $title', async ({ token, jwks }) => {
      publish(jwks);

      await expect(fixture.refusals(token)).resolves.toEqual([formRefusal(token)]);
    });
  });

  describe('the worked examples of RFC 7520', () => {
    const attached = cookbookExamples().filter(({ output }) =>
      /^\S+\.\S+\./.test(output.compact ?? ''),
    );

    it.each(attached)('verifies $title', async ({ input, output }) => {
      const jwks = [input.key].flat();

      await expect(verifies({ token: output.compact ?? '', jwks })).resolves.toBe(true);
    });

    // A bearer token is the compact serialisation with its payload (RFC 7519 §1, §3).
    const forms = cookbookExamples().flatMap(({ title, input, output }) =>
      [output.json, output.json_flat, output.compact?.includes('..') && output.compact].flatMap(
        (form) => (form ? { title, input, form } : []),
      ),
    );
    it.each(forms)('refuses $title in another form', async ({ input, form }) => {
      publish([input.key].flat());
      const token = typeof form === 'string' ? form : JSON.stringify(form);

      await expect(fixture.refusals(token)).resolves.toEqual([formRefusal(token)]);
    });
  });
} else {
  it.skip('needs the jose vectors below WARDGATE_TEST_DATA, which are not here', () => undefined);
}

describe('the examples of RFC 7515 and RFC 8037', () => {
  const examples = vectors('rfc-examples.json') as readonly RfcExample[];
  const inMarch2011 = (Date.parse('2011-03-22T18:00:00Z') - fixture.clock.now()) / 1000;

  beforeAll(() => fixture.clock.advance(inMarch2011));
  afterAll(() => fixture.clock.advance(-inMarch2011));

  it.each(examples)('$name', async ({ token, jwk, verifies: expected, refusal }) => {
    await expect(verifies({ token, jwks: [jwk] })).resolves.toBe(expected);

    publish([jwk], 'joe');
    expect((await fixture.refusals(token))[0] ?? null).toBe(refusal);
  });

  it('refuses the accepted one once its exp has passed', async () => {
    const [accepted] = examples.filter(({ refusal }) => refusal === null);
    publish([accepted?.jwk ?? {}], 'joe');
    fixture.clock.advance(3600);

    await expect(fixture.refusals(accepted?.token ?? '')).resolves.toEqual(['expired']);
    fixture.clock.advance(-3600);
  });
});

/** What is told about a token that is no compact JWS: five parts read as a JWE if the header says how. */
function formRefusal(token: string): string {
  const parts = token.split('.');
  const header = parseStrictJson(Buffer.from(parts[0] ?? '', 'base64url')) ?? {};
  return parts.length === 5 && 'alg' in header && 'enc' in header ? 'encrypted' : 'malformed';
}

/** Makes an introspector whose issuer publishes these keys; nothing of an earlier one is left. */
function publish(jwks: readonly JsonObject[], iss = ISS): JwtIntrospector {
  revision += 1;
  server.keys = jwks;
  const meta = { versionId: String(revision) };
  fixture.introspectors.set({ id: 'i', meta, type: 'jwt', jwt: { iss }, jwks_uri: server.jwksUri });
  return fixture.introspectors.all()[0] as JwtIntrospector;
}

/**
 * Whether the strategy accepts a token for its signature. What the token says in place of claims is
 * replaced by sound ones, because hardly any vector signs claims.
 */
async function verifies({ token, jwks }: Pick<JoseVector, 'token' | 'jwks'>): Promise<boolean> {
  const jws = parseCompactJws(token);
  if (typeof jws === 'string') return false;
  const secret = loneSecret(jwks);
  if (secret !== undefined) {
    const selected = selectKeys(jws.header, secret);
    return typeof selected !== 'string' && verifySignature(token, selected);
  }
  const jwt = { header: jws.header, claims: accessClaims(ISS, fixture.clock.now()) as JsonObject };
  const introspector = publish(jwks);
  const signed = { token, digest: tokenDigest(token), jwt };
  return (await strategy.introspect(signed, introspector)).active;
}

/**
 * A secret as an introspector holds it, but in bytes: a resource holds text, which the secrets of
 * the vectors are not.
 */
function loneSecret(jwks: readonly JsonObject[]): KeySet | undefined {
  const [only] = jwks;
  if (jwks.length !== 1 || only?.['kty'] !== 'oct') return undefined;
  const { k, alg } = only;
  if (typeof k !== 'string' || k === '') return undefined;
  const key = createSecretKey(Buffer.from(k, 'base64url'));
  const algorithms = HMAC_ALGORITHMS.filter((one) => one === (alg ?? one));
  return { revision: '', kind: 'local', keys: [{ kid: undefined, algorithms, key }] };
}

function vectors(file: string): unknown {
  return JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'));
}
