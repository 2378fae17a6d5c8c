import { Answers, checked, NOW_MS, type Said } from '../../../test/support/check-trial.js';
import { ecKey, rsaKey, signJwt, type SigningKey } from '../../../test/support/token-signer.js';
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
      { kty: 'RSA', kid: 'half' },
      { ...weak.jwk, kid: undefined },
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
    expect(why).toMatch(/"odd" is of a kind .*; "half" is of a kind [^;]*$/);
    const { messages: good } = await checked(published(rsa.jwk, ec.jwk), [byUri]);
    expect(good.get('keys')).toBe('The issuer publishes 2 signing keys: "k1", "k2"');
  });

  it('lists twenty keys at most, and says so of those without an id', async () => {
    const keysOf = (jwk: object, length: number) =>
      Array.from({ length }, (_, at) => ({ ...jwk, kid: `n${at}` }));
    const of = async (...keys: readonly object[]) =>
      (await checked(published(...keys), [byUri])).messages.get('keys');

    expect(await of(...keysOf(rsa.jwk, 22))).toMatch(/"n19" and 2 more$/);
    expect(await of(...keysOf(rsa.jwk, 20))).toMatch(/"n19"$/);
    expect(await of(...keysOf(weak.jwk, 21))).toMatch(/"n19" has 1024 bit, RSA needs 2048$/);
    expect(await of({ ...rsa.jwk, kid: undefined })).toMatch(/: one without kid$/);
  });

  it('says why none of the keys counts, as far as there are any', async () => {
    const none = 'The issuer publishes no key that verifies signatures';
    const of = async (...keys: readonly object[]) =>
      (await checked(published(...keys), [byUri])).messages.get('keys');

    expect(await of(weak.jwk)).toBe(`${none}: "k3" has 1024 bit, RSA needs 2048`);
    expect(await of()).toBe(none);
  });

  it('asks apart from requests, and compares the clocks', async () => {
    const answers = published(rsa.jwk);
    answers.dateMs = NOW_MS + 31_000;
    const { found } = await checked(answers, [byUri]);

    expect(answers.calls).toEqual([
      { url: KEYS, options: expect.objectContaining({ purpose: 'check' }) },
    ]);
    expect(found).toContain('clock: clock-differs');
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
    const keys = jwt({ jwt: { iss: ISS, keys: [local, { ...local, alg: 'HS256' }] } });
    const none = new Answers({});

    expect((await checked(none, [secret])).messages.get('keys')).toContain('shared secret of');
    const { found, messages } = await checked(none, [keys]);
    expect(found).toContain('keys: keys-read');
    expect(messages.get('keys')).toBe('1 of 2 keys in the introspector can verify signatures');
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

  it('says which audience to name where any is accepted', async () => {
    const of = async (aud?: readonly string[]) =>
      (await checked(published(rsa.jwk), [byUri], { token: signed(rsa, { aud }) })).fixes.get(
        'audience',
      );

    const many = Array.from({ length: 17 }, (_, at) => `a${at}`);
    expect(await of(many)).toMatch(/the token has "a0", .*"a15"$/);
    expect(await of()).toMatch(/^The token has no aud;/);
  });

  it('says that a token without exp is good for ever, where that is allowed', async () => {
    const own = jwt({ jwt: { iss: ISS, exp_required: false }, jwks_uri: KEYS });
    const token = signed(rsa, { exp: undefined });
    const { messages } = await checked(published(rsa.jwk), [own], { token });

    expect(messages.get('time')).toBe('It is valid for ever: it has no exp');
  });

  it.each([
    [[], 'No claims are demanded'],
    [['sub'], 'It has the claims that are demanded'],
  ])('says whether a good token has to have claims: %j', async (names, words) => {
    const own = jwt({ jwt: { iss: ISS, required_claims: names }, jwks_uri: KEYS });
    const { messages } = await checked(published(rsa.jwk), [own], { token: signed(rsa) });

    expect(messages.get('required-claims')).toBe(words);
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
});
