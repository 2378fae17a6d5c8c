import { Answers, checked, NOW_MS, type Said } from '../../../test/support/check-trial.js';
import { accessClaims, secretKey, signJwt } from '../../../test/support/token-signer.js';
import type { JsonObject } from '../../policy/json.js';
import { OutboundFailure } from '../outbound/outbound-failure.js';

const ISS = 'https://auth.example.com';
const ENDPOINT = `${ISS}/introspect`;
const NOW = NOW_MS / 1000;

const opaque = (elements: object = {}): object => ({
  type: 'opaque',
  introspection_endpoint: { url: ENDPOINT, authorization: 'Basic eHg6eXk=' },
  ...elements,
});
const says = (answer: Said): Answers => new Answers({ [ENDPOINT]: answer });

describe('the check of an introspection endpoint', () => {
  const GOOD = { active: true, exp: NOW + 60 };

  it.each<[string, Said, string]>([
    ['one that speaks RFC 7662', { active: false }, 'endpoint-answers'],
    ['one that says something else', { ok: true }, 'answer-unusable'],
    ['one that refuses the credentials', new OutboundFailure('no', 401), 'credentials-refused'],
    ['one that forbids to ask', new OutboundFailure('no', 403), 'credentials-refused'],
    ['one that is not there', new OutboundFailure('no', 404), 'unexpected-status'],
    ['one that leads to several', new OutboundFailure('no', 300), 'redirected'],
    ['one that leads elsewhere', new OutboundFailure('no', 302), 'redirected'],
    ['one that ends the range of redirects', new OutboundFailure('no', 400), 'unexpected-status'],
    ['one that answers no JSON', new OutboundFailure('no JSON'), 'answer-unusable'],
  ])('knows %s', async (_what, answer, code) => {
    const { found, vouched } = await checked(says(answer), [opaque()]);

    expect(found).toEqual(['introspector: active', `endpoint: ${code}`, 'token: no-token']);
    expect(vouched).toBeUndefined();
  });

  it('asks as a request would, with a token that nobody issued or the one to try', async () => {
    const answers = says(GOOD);
    await checked(answers, [opaque()]);
    await checked(answers, [opaque()], { token: 'mine' });
    await checked(answers, [opaque({ introspection_endpoint: { url: ENDPOINT } })]);
    const [unknown, mine, bare] = answers.calls.map(({ options }) => options);

    expect(unknown?.form).toEqual({
      token: expect.stringMatching(/^wardgate-check-[0-9a-f-]{36}$/) as unknown,
      token_type_hint: 'access_token',
    });
    expect(unknown).toMatchObject({
      headers: { authorization: 'Basic eHg6eXk=' },
      purpose: 'check',
    });
    expect(mine?.form).toMatchObject({ token: 'mine' });
    expect(bare?.headers).toStrictEqual({});
  });

  it('does not ask without the secret, or against the host rules', async () => {
    const answers = says(GOOD);
    const { found } = await checked(answers, [opaque()], {
      ...{ change: { lacksSecret: true }, token: 't' },
    });
    expect(found).toEqual([
      ...['introspector: active', 'endpoint: no-secret', 'routing: routed-here'],
    ]);
    expect(answers.calls).toEqual([]);

    const forbidden = says(new OutboundFailure('no'));
    forbidden.refusal = 'it is not https';
    expect((await checked(forbidden, [opaque()])).found).toContain('endpoint: url-refused');
  });

  it('says what it found out although nothing can be said of the token', async () => {
    const answers = says(new OutboundFailure('no', 404));
    const { found, vouched } = await checked(answers, [opaque()], { token: 't' });

    expect(found).toEqual([
      ...['introspector: active', 'endpoint: unexpected-status', 'routing: routed-here'],
    ]);
    expect(vouched).toBeUndefined();
  });

  it('hands on a fault of ours as it is', async () => {
    const fault = new TypeError('a fault');

    await expect(checked(says(fault), [opaque()])).rejects.toBe(fault);
  });

  it.each<[string, string, string]>([
    ['that it names', ISS, 'routed-here'],
    ['that it does not name', 'https://other.example.com', 'unknown-issuer'],
  ])(
    'takes a signed token of an issuer %s for one that a request brings',
    async (_w, iss, code) => {
      const own = opaque({ jwt: { iss: ISS }, accept_jwt: true });
      const token = signJwt(secretKey('s'), accessClaims(iss, NOW_MS));
      const { found } = await checked(says({ ...GOOD, iss: ISS }), [own], { token });

      expect(found).toContain(`routing: ${code}`);
    },
  );

  it.each<[string, object, JsonObject, string]>([
    ['a token that is not active', {}, { active: false }, 'inactive'],
    ['one that has expired', {}, { ...GOOD, exp: NOW - 90 }, 'expired'],
    ['one of another issuer', { jwt: { iss: ISS } }, { ...GOOD, iss: 'x' }, 'unknown-issuer'],
    ['one without an issuer', { jwt: { iss: ISS } }, GOOD, 'unknown-issuer'],
    ['one for others', { jwt: { aud: 'fhir' } }, { ...GOOD, aud: ['a', 'b'] }, 'wrong-audience'],
    ['a refresh token', {}, { ...GOOD, token_use: 'refresh' }, 'refresh-token'],
    ['an active one', {}, GOOD, 'token-active'],
  ])('says of %s why it counts or not', async (_what, elements, answer, code) => {
    const { found, vouched } = await checked(says(answer), [opaque(elements)], { token: 't' });

    const possession = code === 'token-active' ? ['possession: unbound'] : [];
    expect(found).toEqual([
      'introspector: active',
      'endpoint: endpoint-answers',
      'routing: routed-here',
      `token: ${code}`,
      ...possession,
    ]);
    expect(vouched !== undefined).toBe(code === 'token-active');
  });

  it('names what was expected and what came', async () => {
    const of = async (elements: object, answer: JsonObject) =>
      (await checked(says(answer), [opaque(elements)], { token: 't' })).messages.get('token');

    const iss = { jwt: { iss: ISS } };
    const aud = { jwt: { aud: 'fhir' } };
    const many = Array.from({ length: 17 }, (_, at) => `a${at}`);
    expect(await of({}, { active: false })).toBe('The endpoint says that the token is not active');
    expect(await of({}, { ...GOOD, exp: NOW - 90 })).toContain('It expired 90 s ago,');
    expect(await of(iss, { ...GOOD, iss: 'x' })).toContain(`"${ISS}" is expected, "x" is there`);
    expect(await of(aud, { ...GOOD, aud: ['a', 'b'] })).toContain('"a", "b"; "fhir" is');
    expect(await of(aud, { ...GOOD, aud: many })).toContain('"a15"; "fhir" is');
    expect(await of(aud, GOOD)).toContain('for nobody;');
    expect(await of({}, { ...GOOD, typ: 'Refresh' })).toContain('It is a refresh token');
  });

  it.each([
    ['refused', opaque(), 'the Authorization header was refused'],
    ['missing', opaque({ introspection_endpoint: { url: ENDPOINT } }), 'no Authorization header'],
  ])('says that credentials are %s', async (_what, own, words) => {
    const { messages } = await checked(says(new OutboundFailure('no', 401)), [own]);

    expect(messages.get('endpoint')).toContain(words);
  });

  const [jkt, x5t] = ['k'.repeat(43), 'c'.repeat(43)];
  const [proof, certificate] = [
    'a DPoP proof, sent with the scheme DPoP',
    'the client certificate',
  ];
  it.each<[JsonObject, string, string]>([
    [{ jkt }, 'proof-needed', `needs ${proof}, which`],
    [{ 'x5t#S256': x5t }, 'proof-needed', `needs ${certificate}, which`],
    [{ jkt, 'x5t#S256': x5t }, 'proof-needed', `needs ${proof} and ${certificate}, which`],
    [{ kid: 'k' }, 'unknown-confirmation', '["kid"]'],
  ])('says what a token bound by %j needs', async (cnf, code, words) => {
    const { found, messages } = await checked(says({ ...GOOD, cnf }), [opaque()], { token: 't' });

    expect(found).toContain(`possession: ${code}`);
    expect(messages.get('possession')).toContain(words);
  });

  it('tells to whom a token goes that is not for it', async () => {
    const other = { ...opaque({ token_pattern: '^o-' }), id: 'other' };
    const own = opaque({ token_pattern: '^i-' });
    const of = async (token: string, ...all: object[]) => checked(says(GOOD), all, { token });

    expect((await of('i-1', own, other)).found).toContain('routing: routed-here');
    const elsewhere = await of('o-1', own, other);
    expect(elsewhere.found).toContain('routing: routed-elsewhere');
    expect(elsewhere.messages.get('routing')).toContain('judged by TokenIntrospector/other');
    expect(elsewhere.vouched).toBeUndefined();
    expect((await of('x', own)).messages.get('routing')).toContain('judged by nobody');
    const shared = await of('t', opaque(), { ...opaque(), id: 'other' });
    expect(shared.found).toContain('routing: issuer-shared');
    expect(shared.messages.get('routing')).toContain('TokenIntrospector/other is asked');
    expect((await of('t', opaque({ type: 'aspxauth' }), other)).found).toContain(
      'routing: routed-here',
    );
  });

  it('says that an inactive one vouches for nothing', async () => {
    const { found, vouched } = await checked(says(GOOD), [opaque({ active: false })], {
      token: 't',
    });

    expect(found).toContain('introspector: inactive');
    expect(found).toContain('routing: routed-elsewhere');
    expect(vouched).toBeUndefined();
  });

  it.each<[string, number, string, string]>([
    ['the same time', 0, 'clock-agrees', 'agree'],
    ['as much as is allowed', 30_000, 'clock-agrees', 'agree'],
    ['more', 31_000, 'clock-differs', '31 s ahead of'],
    ['less', -31_000, 'clock-differs', '31 s behind'],
  ])('compares the clocks: %s', async (_what, ahead, code, words) => {
    const answers = says(GOOD);
    answers.dateMs = NOW_MS + ahead;
    const { found, messages } = await checked(answers, [opaque({ jwt: { clock_skew: 30 } })]);

    expect(found).toContain(`clock: ${code}`);
    expect(messages.get('clock')).toContain(words);
  });
});
