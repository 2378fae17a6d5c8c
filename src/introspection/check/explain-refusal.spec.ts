import { Answers, checked, NOW_MS } from '../../../test/support/check-trial.js';
import { rsaKey, secretKey, signJwt } from '../../../test/support/token-signer.js';

const ISS = 'https://auth.example.com';
const KEYS = `${ISS}/keys`;
const NOW = NOW_MS / 1000;

const ENCRYPTED = Buffer.from('{"alg":"RSA-OAEP","enc":"A128GCM"}').toString('base64url');

const MANY = Array.from({ length: 17 }, (_, at) => `a${at}`);
const COGNITO = { aud: undefined, token_use: 'access', client_id: 'app' };
const rsa = rsaKey('k1');
const introspector = (elements: object): object => ({
  type: 'jwt',
  jwks_uri: KEYS,
  jwt: { iss: ISS, aud: 'fhir', ...elements },
});
const good = { iss: ISS, sub: 's', aud: 'fhir', iat: NOW, exp: NOW + 60 };
const token = (claims: object = {}, header: Record<string, unknown> = {}, key = rsa): string =>
  signJwt(key, { ...good, ...claims }, header);

/** What failed, with what was said of it. */
async function refusalsOf(sent: string, elements: object = {}): Promise<readonly string[]> {
  const answers = new Answers({ [KEYS]: { keys: [rsa.jwk] } });
  const { found, messages, vouched } = await checked(answers, [introspector(elements)], {
    token: sent,
  });
  expect(vouched).toBeUndefined();
  return found.flatMap((one) => {
    const [step = ''] = one.split(':');
    return [`${one} (${[...messages].find(([name]) => name === step)?.[1] ?? ''})`];
  });
}

describe('why a token is refused', () => {
  it.each<[string, string, object, string, string]>([
    ['expired', token({ exp: NOW - 90 }), {}, 'time: expired', 'It expired 90 s ago'],
    ['not valid yet', token({ nbf: NOW + 90 }), {}, 'time: not-yet-valid', 'valid in 90 s (nbf)'],
    [
      'from the future',
      token({ iat: NOW + 90 }),
      {},
      'time: issued-in-future',
      'issued 90 s from now',
    ],
    ['without exp', token({ exp: undefined }), {}, 'time: missing-exp', 'It has no exp'],
    ['an ID token', token({ token_use: 'id' }), {}, 'purpose: id-token', 'ID token'],
    [
      ...(['a refresh token', token({ typ: 'Refresh' }), {}, 'purpose: refresh-token'] as const),
      'It is a refresh token',
    ],
    [
      ...([
        'of no issuer there is',
        token(),
        { iss: undefined },
        'issuer: unknown-issuer',
      ] as const),
      'is none of jwt.issuers: there are none',
    ],
    [
      ...(['of none of the issuers', token(), { iss: undefined, issuers: ['x', 'y'] }] as const),
      ...(['issuer: unknown-issuer', `"${ISS}" is none of jwt.issuers: "x", "y"`] as const),
    ],
    [
      ...(['of Cognito', token({ ...COGNITO }), {}, 'audience: wrong-audience'] as const),
      'no aud, as access tokens of Cognito; "fhir" is expected',
    ],
    [
      ...(['with no more than its mark', token({ ...COGNITO, client_id: undefined }), {}] as const),
      ...(['audience: wrong-audience', 'It has no aud; "fhir" is expected'] as const),
    ],
    [
      ...(['a logout token', token({ typ: 'Logout' }), {}, 'purpose: logout-token'] as const),
      'It is a logout token',
    ],
    [
      ...(['of another type', token({}, { typ: 'x+jwt' }), {}, 'purpose: wrong-type'] as const),
      'Its typ is "x+jwt", JWT or at+jwt is expected',
    ],
    [
      ...(['not of the type', token(), { typ: 'at+jwt' }, 'purpose: wrong-type'] as const),
      'Its typ is "JWT", "at+jwt" is expected',
    ],
    ['for others', token({ aud: ['a', 'b'] }), {}, 'audience: wrong-audience', '"a", "b"; "fhir"'],
    ['for many', token({ aud: MANY }), {}, 'audience: wrong-audience', '"a15"; "fhir" is expected'],
    ['for nobody', token({ aud: undefined }), {}, 'audience: wrong-audience', '"fhir"'],
    [
      ...(['without a claim', token({ b: null }), { required_claims: ['a', 'b', 'sub'] }] as const),
      ...(['required-claims: missing-claim', 'It lacks "a", "b", which'] as const),
    ],
    ['forged', `${token().slice(0, -8)}AAAAAAAA`, {}, 'signature: wrong-signature', 'ignature'],
    ['of no algorithm', token({}, { alg: 'none' }), {}, 'signature: wrong-algorithm', '"none"'],
    [
      ...(['of a secret', token({}, { kid: 'k1' }, secretKey('s')), {}] as const),
      ...(['signature: wrong-algorithm', 'HS256 needs a shared secret'] as const),
    ],
    [
      ...(['of another algorithm', token(), { algorithms: ['ES256'] }] as const),
      ...(['signature: wrong-algorithm', 'RS256 is none of jwt.algorithms'] as const),
    ],
    ['with a scheme', `Bearer ${token()}`, {}, 'token: malformed', 'name of an authentication'],
    [
      'in two lines',
      token().replace('.', '.\n'),
      {},
      'token: malformed',
      'a space or a line break',
    ],
    ['in two parts', 'a.b', {}, 'token: malformed', 'It is not a well-formed signed token'],
    ['in pieces', 'a Bearer b', {}, 'token: malformed', 'a space or a line break'],
    ['opaque', 'opaque-token', {}, 'token: malformed', 'an opaque token'],
    ['encrypted', `${ENCRYPTED}.a.b.c.d`, {}, 'token: encrypted', 'It is encrypted (JWE)'],
  ])('%s', async (_what, sent, elements, step, words) => {
    const refusal = (await refusalsOf(sent, elements)).find((one) => one.startsWith(step));

    expect(refusal).toContain(words);
  });
});
