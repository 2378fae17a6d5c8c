import { ecKey, rsaKey, secretKey, signJwt } from '../../../test/support/token-signer.js';
import type { JsonObject } from '../../policy/json.js';
import {
  parseTokenIntrospector,
  type JwtIntrospector,
  type LocalKey,
} from '../../resources/token-introspector/token-introspector.js';
import { algorithmRefusal } from './algorithm.js';
import { localKeySet, publishedKeySet, type KeySet } from './key-set.js';
import { selectKeys } from './select-keys.js';
import { verifySignature } from './verify-signature.js';

const rsa = rsaKey('rsa');
const ec = ecKey('ec');
const pem = (alg: string): LocalKey => ({ kty: 'RSA', alg, pub: rsa.pem });
const algorithmsOf = (...keys: LocalKey[]) =>
  localKeySet({ kind: 'keys', keys }).keys.map(({ algorithms }) => algorithms);

describe('keys that an introspector holds itself', () => {
  it('verify the one algorithm that is said of each', () => {
    expect(algorithmsOf(pem('RS256'), pem('PS512'))).toEqual([['RS256'], ['PS512']]);
    expect(algorithmsOf({ kty: 'OCT', alg: 'HS384', k: 'k'.repeat(64) })).toEqual([['HS384']]);
  });

  it.each<[string, LocalKey]>([
    ['cannot be read', { kty: 'RSA', alg: 'RS256', pub: 'no key' }],
    ['have not the algorithm', { kty: 'EC', alg: 'RS256', pub: ec.pem }],
    ['are no secrets', { kty: 'RSA', alg: 'HS256', pub: rsa.pem }],
    ['are secrets', { kty: 'OCT', alg: 'RS256', k: 'k'.repeat(64) }],
  ])('are left out where they %s', (_what, key) => {
    expect(algorithmsOf(key, pem('RS256'))).toEqual([['RS256']]);
  });

  it('are sixteen at most, each of which a token may have to be tried with', () => {
    expect(algorithmsOf(...Array.from({ length: 17 }, () => pem('RS256')))).toHaveLength(16);
  });
});

describe('the keys that may verify a token', () => {
  const published = publishedKeySet({ keys: [rsa.jwk, ec.jwk] as JsonObject[] }) as KeySet;
  const select = (alg: string, kid?: string) => selectKeys({ alg, kid, typ: undefined }, published);

  it('are those of its algorithm, by name or because no other fits', () => {
    expect(select('RS256', 'rsa')).toEqual({ alg: 'RS256', keys: [published.keys[0]] });
    expect(select('ES256')).toEqual({ alg: 'ES256', keys: [published.keys[1]] });
  });

  it.each([
    ['an algorithm that nobody has, before a key is looked for', 'none', 'unknown'],
    ['the name of a key of another algorithm', 'ES256', 'rsa'],
    ['an algorithm that no key has', 'ES512', undefined],
  ])('are none for %s', (_what, alg, kid) => {
    expect(select(alg, kid)).toBe('wrong-algorithm');
  });
});

describe('an algorithm', () => {
  const refusalOf = (alg: string, elements: JsonObject) => {
    const resource = { id: 'i', type: 'jwt', ...elements };
    return algorithmRefusal(alg, parseTokenIntrospector(resource) as JwtIntrospector);
  };

  it.each<[string, JsonObject]>([
    ['at an address', { jwks_uri: 'https://issuer.example/keys' }],
    ['by discovery', { jwt: { iss: 'https://issuer.example' } }],
  ])('of shared secrets is none for keys that are published %s', (_where, elements) => {
    expect(refusalOf('HS256', elements)).toBe('wrong-algorithm');
    expect(refusalOf('RS256', elements)).toBeUndefined();
  });

  it('of shared secrets is one where there is a secret', () => {
    expect(refusalOf('HS256', { jwt: { secret: 'k'.repeat(64) } })).toBeUndefined();
  });
});

describe('a signature', () => {
  const keys = [{ kid: undefined, algorithms: [], key: localKey() }];

  function localKey() {
    const [first] = localKeySet({ kind: 'keys', keys: [pem('RS256')] }).keys;
    if (!first) throw new Error('There is a key');
    return first.key;
  }

  it('counts under the algorithm that its keys were chosen for, and no other', async () => {
    const signed = signJwt({ ...rsa, alg: 'PS256' }, {});

    await expect(verifySignature(signed, { alg: 'PS256', keys })).resolves.toBe(true);
    await expect(verifySignature(signed, { alg: 'RS256', keys })).resolves.toBe(false);
  });

  it('that cannot be computed for a fault of ours is no wrong one', async () => {
    const signed = signJwt(secretKey('k'.repeat(64)), {});

    await expect(verifySignature(signed, { alg: 'HS256', keys })).rejects.toThrow(TypeError);
  });
});
