import { Answers, checked, NOW_MS } from '../../../test/support/check-trial.js';
import {
  ecKey,
  rsaKey,
  secretKey,
  signJwt,
  type SigningKey,
} from '../../../test/support/token-signer.js';

const ISS = 'https://auth.example.com';
const KEYS = `${ISS}/keys`;

const rsa = rsaKey('k1');
const weak = rsaKey('k3', 'RS256', 1_024);
const unnamed = (key: SigningKey): SigningKey => ({ ...key, kid: undefined });
const signed = (key: SigningKey): string =>
  signJwt(key, { iss: ISS, sub: 's', exp: NOW_MS / 1000 + 60 });

const published = (...keys: readonly object[]): Answers => new Answers({ [KEYS]: { keys } });
const byUri = { type: 'jwt', jwt: { iss: ISS }, jwks_uri: KEYS };
const local = { kty: 'RSA', alg: 'RS256', format: 'PEM', pub: rsa.pem };
const holding = (own: object): object => ({ type: 'jwt', jwt: { iss: ISS, ...own } });

/** What is said of the signature of a token, and what to do about it. */
async function said(
  key: SigningKey,
  answers: Answers,
  introspector: object = byUri,
): Promise<readonly [string | undefined, string | undefined]> {
  const { messages, fixes } = await checked(answers, [introspector], { token: signed(key) });
  return [messages.get('signature'), fixes.get('signature')];
}

describe('the check of a signature', () => {
  it.each<[string, SigningKey, readonly object[], string]>([
    ['a key that is too weak', weak, [weak.jwk, rsa.jwk], 'Its key "k3" has 1024 bit'],
    [
      ...(['a key that is not there', rsaKey('k9'), [rsa.jwk, ecKey('k2').jwk]] as const),
      'No key is called "k9"; the issuer publishes "k1", "k2"',
    ],
    ['one of twins', rsa, [rsa.jwk, rsaKey('k1').jwk], 'several keys called "k1"'],
    ['one of several, unnamed', unnamed(rsa), [rsa.jwk, rsaKey('k2').jwk], 'It names no key (kid)'],
    [
      ...(['another kind of key', unnamed(ecKey()), [rsa.jwk]] as const),
      'Its algorithm ES256 does not fit the key, which verifies RS256',
    ],
  ])('says why no key was tried on that of %s', async (_what, key, keys, words) => {
    const [message] = await said(key, published(...keys));

    expect(message).toContain(words);
  });

  it.each<[string, SigningKey, object, string]>([
    ['a shared secret', rsa, { secret: 's' }, 'HS256, HS384, HS512'],
    ['a public key', secretKey('s'), { keys: [local] }, 'RS256'],
    ['keys that do not count', rsa, { keys: [{ ...local, alg: 'HS256' }] }, 'nothing'],
  ])('says that an algorithm does not fit %s', async (_what, key, own, usable) => {
    const [message] = await said(key, new Answers({}), holding(own));

    expect(message).toBe(`Its algorithm ${key.alg} does not fit the key, which verifies ${usable}`);
  });

  it('says that a secret fits no public key, even while none can be had', async () => {
    for (const answers of [published(rsa.jwk), new Answers({})]) {
      const [message] = await said(secretKey('s'), answers);

      expect(message).toContain('HS256 needs a shared secret');
    }
  });

  it('is left out where there are no keys', async () => {
    const { found, vouched } = await checked(new Answers({}), [byUri], { token: signed(rsa) });

    expect(found).toContain('signature: signature-unchecked');
    expect(vouched).toBeUndefined();
  });

  it.each<[string, object, string]>([
    ['published', byUri, 'Compare jwks_uri'],
    ['its own', holding({ keys: [local] }), 'The issuer signs with another key'],
  ])('says what to compare where it does not fit keys that are %s', async (_w, own, words) => {
    const [message, fix] = await said(rsaKey('k1'), published(rsa.jwk), own);

    expect(message).toBe('Its signature does not verify');
    expect(fix).toContain(words);
  });
});
