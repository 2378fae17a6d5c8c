import { Answers, checked, NOW_MS, type Said } from '../../../test/support/check-trial.js';
import {
  ecKey,
  rsaKey,
  secretKey,
  signJwt,
  type SigningKey,
} from '../../../test/support/token-signer.js';
import { OutboundFailure } from '../outbound/outbound-failure.js';

const ISS = 'https://auth.example.com';
const KEYS = `${ISS}/keys`;
const DISCOVERY = `${ISS}/.well-known/openid-configuration`;
const NOW = NOW_MS / 1000;

const jwt = (elements: object): object => ({ type: 'jwt', ...elements });
const published = (...keys: readonly object[]): Answers => new Answers({ [KEYS]: { keys } });
describe('the check of the keys of an issuer', () => {
  const rsa = rsaKey('k1');
  const ec = ecKey('k2');
  const weak = rsaKey('k3', 'RS256', 1_024);
  const local = { kty: 'RSA', alg: 'RS256', format: 'PEM', pub: rsa.pem };
  const byUri = jwt({ jwt: { iss: ISS }, jwks_uri: KEYS });
  const byDiscovery = jwt({ jwt: { iss: ISS } });
  const signed = (key: SigningKey, claims: object = {}) =>
    signJwt(key, { iss: ISS, sub: 's', exp: NOW + 60, ...claims });

  it('lists the keys, and says of others why they do not count', async () => {
    const keys = [
      ...[rsa.jwk, ec.jwk, weak.jwk],
      { kty: 'oct', k: 'c2VjcmV0', kid: 'shared' },
      { ...rsa.jwk, kid: 'enc', use: 'enc' },
      { ...rsa.jwk, kid: 'odd', alg: 'RSA1_5' },
    ];
    const { found, messages } = await checked(published(...keys), [byUri]);

    expect(found).toEqual([
      ...['introspector: active', 'keys: keys-read', 'keys: some-keys-unusable'],
      ...['token: no-token', 'routing: routed-here'],
    ]);
    const why = messages.get('keys') ?? '';
    expect(why).toMatch(/"k3" has 1024 bit/);
    expect(why).toMatch(/"shared" is a shared secret/);
    expect(why).toMatch(/"enc" is not for signatures/);
    expect(why).toMatch(/"odd" is of a kind/);
    const { messages: good } = await checked(published(rsa.jwk, ec.jwk), [byUri]);
    expect(good.get('keys')).toContain('2 signing keys: "k1", "k2"');
  });

  it('lists twenty keys at most', async () => {
    const keys = Array.from({ length: 22 }, (_, at) => ({ ...rsa.jwk, kid: `n${at}` }));
    const { messages } = await checked(published(...keys), [byUri]);

    expect(messages.get('keys')).toContain('"n19" and 2 more');
    expect(messages.get('keys')).not.toContain('"n20"');
  });

  it.each<[string, Said, string]>([
    ['no key that counts', { keys: [weak.jwk] }, 'keys: no-usable-key'],
    ['no key at all', { keys: [] }, 'keys: no-usable-key'],
    ['no set', { keys: {} }, 'keys: no-key-set'],
    ['nothing', new OutboundFailure('gone', 500), 'keys: unexpected-status'],
  ])('knows an issuer that publishes %s', async (_what, answer, step) => {
    const { found, vouched } = await checked(new Answers({ [KEYS]: answer }), [byUri], {
      token: signed(rsa),
    });

    expect(found).toContain(step);
    expect(vouched).toBeUndefined();
  });

  it.each<[string, Said, readonly string[]]>([
    ['leads to the keys', { issuer: ISS, jwks_uri: KEYS }, ['discovery-read', 'keys-read']],
    ['is that of another', { issuer: `${ISS}/`, jwks_uri: KEYS }, ['discovery-other-issuer']],
    ['names nobody', { jwks_uri: KEYS }, ['discovery-other-issuer']],
    ['has no keys', { issuer: ISS }, ['discovery-without-keys']],
    ['is not there', new OutboundFailure('no', 404), ['unexpected-status']],
  ])('knows a discovery document that %s', async (_what, document, codes) => {
    const answers = new Answers({ [DISCOVERY]: document, [KEYS]: { keys: [rsa.jwk] } });
    const { found } = await checked(answers, [byDiscovery]);

    const between = found.filter((one) => /^(?:discovery|keys):/.test(one));
    expect(between.map((one) => one.split(': ')[1])).toEqual(codes);
  });

  it('says when the keys that discovery names cannot be had', async () => {
    const answers = new Answers({ [DISCOVERY]: { issuer: ISS, jwks_uri: KEYS } });

    expect((await checked(answers, [byDiscovery])).found).toEqual([
      ...['introspector: active', 'discovery: discovery-read', 'keys: unexpected-status'],
      ...['token: no-token', 'routing: routed-here'],
    ]);
  });

  it('knows keys that are written into the introspector, and those that lack', async () => {
    const secret = jwt({ jwt: { iss: ISS, secret: 's' } });
    const keys = jwt({ jwt: { iss: ISS, keys: [local] } });
    const none = new Answers({});

    expect((await checked(none, [secret])).messages.get('keys')).toContain('shared secret of');
    expect((await checked(none, [keys])).found).toContain('keys: keys-read');
    const lacking = await checked(none, [secret], { change: { lacksSecret: true } });
    expect(lacking.found).toContain('keys: no-secret');
    const keyless = await checked(none, [jwt({ jwt: {} })]);
    expect(keyless.found).toContain('keys: no-secret');
    const odd = jwt({ jwt: { iss: ISS, keys: [{ ...local, alg: 'HS256' }] } });
    expect((await checked(none, [odd])).found).toContain('keys: no-usable-key');
    expect(none.calls).toEqual([]);
  });

  it('hands on a fault of ours as it is', async () => {
    const fault = new TypeError('a fault');

    await expect(checked(new Answers({ [KEYS]: fault }), [byUri])).rejects.toBe(fault);
  });

  it.each<[string, object, string]>([
    ['a shared secret', { secret: 's' }, 'HS256, HS384, HS512'],
    ['keys that do not count', { keys: [{ ...local, alg: 'HS256' }] }, 'nothing'],
  ])('says that RS256 does not fit %s', async (_what, own, usable) => {
    const { messages } = await checked(new Answers({}), [jwt({ jwt: { iss: ISS, ...own } })], {
      token: signed(rsa),
    });

    expect(messages.get('signature')).toBe(
      `Its algorithm RS256 does not fit the key, which verifies ${usable}`,
    );
  });

  it('says of a shared secret that it fits no public key, even while none can be had', async () => {
    const token = signed(secretKey('s'));
    for (const answers of [published(rsa.jwk), new Answers({})]) {
      const { messages } = await checked(answers, [byUri], { token });

      expect(messages.get('signature')).toContain('HS256 needs a shared secret');
    }
  });

  it('names some of the audiences of a token where any is accepted', async () => {
    const aud = Array.from({ length: 17 }, (_, at) => `a${at}`);
    const { fixes } = await checked(published(rsa.jwk), [byUri], { token: signed(rsa, { aud }) });

    expect(fixes.get('audience')).toMatch(/the token has "a0", .*"a15"$/);
  });

  it('vouches for a good token only', async () => {
    const good = await checked(published(rsa.jwk), [byUri], { token: signed(rsa) });

    expect(good.found).toEqual([
      ...['introspector: active', 'keys: keys-read', 'token: token-read', 'routing: routed-here'],
      ...['issuer: issuer-fits', 'purpose: purpose-fits', 'time: time-fits'],
      ...['audience: audience-unchecked', 'required-claims: claims-there'],
      ...['signature: signature-verified', 'possession: unbound'],
    ]);
    expect(good.messages.get('issuer')).toContain(JSON.stringify(ISS));
    expect(good.messages.get('time')).toBe('It is valid for another 60 s');
    expect(good.vouched).toBeDefined();
    const aud = jwt({ jwt: { iss: ISS, aud: 'fhir' }, jwks_uri: KEYS });
    const fitting = await checked(published(rsa.jwk), [aud], {
      token: signed(rsa, { aud: 'fhir' }),
    });
    expect(fitting.found).toContain('audience: audience-fits');
    const foreign = await checked(published(ec.jwk), [byUri], { token: signed(rsa) });
    expect(foreign.found).toContain('signature: unknown-key');
    expect(foreign.vouched).toBeUndefined();
  });

  it('says of a signature why no key was tried', async () => {
    const of = async (keys: readonly object[], token: string) =>
      (await checked(published(...keys), [byUri], { token })).messages.get('signature');

    expect(await of([weak.jwk, rsa.jwk], signed(weak))).toContain('"k3" has 1024 bit');
    expect(await of([rsa.jwk], signed(rsaKey('k9')))).toContain('No key is called "k9"');
    const twins = [rsa.jwk, { ...rsaKey('k1').jwk }];
    expect(await of(twins, signed(rsa))).toContain('several keys called "k1"');
  });

  it('names the introspectors that a token goes to instead', async () => {
    const other = { ...jwt({ jwt: { iss: 'https://b', secret: 's' } }), id: 'b' };
    const off = { ...jwt({ active: false, jwt: { iss: 'https://c', secret: 's' } }), id: 'c' };
    const of = async (iss: string) =>
      (await checked(published(rsa.jwk), [byUri, other, off], { token: signed(rsa, { iss }) }))
        .messages;

    expect((await of('https://b')).get('routing')).toContain('judged by TokenIntrospector/b');
    expect((await of('https://c')).get('routing')).toContain('TokenIntrospector/c');
    expect((await of('https://d')).get('routing')).toContain('for the issuer "https://d"');
  });

  it.each([
    [`${ISS}/`, 'the slash at the end'],
    [ISS.toUpperCase(), 'upper and lower case'],
    [` ${ISS}`, 'a space'],
    [ISS.replace('https', 'http'), 'http and https'],
    ['https://other.example.com', 'the host'],
    [`${ISS}:8443`, 'the port'],
    [`${ISS}/realm`, 'the path'],
    ['http://other.example.com/realm', 'http and https, the host, the path'],
  ])('says how the issuer %j differs', async (iss, words) => {
    const { messages } = await checked(published(rsa.jwk), [byUri], {
      token: signed(rsa, { iss }),
    });

    expect(messages.get('issuer')).toContain(`they differ by ${words}`);
  });
});
