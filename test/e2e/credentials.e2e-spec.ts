import { rawCall, type RawReply } from '../support/raw-http.js';
import { RecordingLogger } from '../support/recording-logger.js';
import { basic, ROOT_SECRET, startTestApp, type TestApp } from '../support/test-app.js';
import { accessClaims, secretKey, signJwt } from '../support/token-signer.js';

const ISSUER = 'https://issuer.example';
const KEY = secretKey('a secret of at least thirty-two bytes');
const TOKEN = signJwt(KEY, accessClaims(ISSUER));
const FORGED = signJwt(secretKey('another secret'), accessClaims(ISSUER));
const ROOT = basic('root', ROOT_SECRET);
const START_TIMEOUT_MS = 60_000;

const BEARER = 'Bearer realm="fhir", error="invalid_token"';
const BASIC = 'Basic realm="fhir"';

type Headers = readonly (readonly [string, string])[];
const authorization = (...values: string[]): Headers =>
  values.map((value) => ['Authorization', value] as const);

const ACCEPTED: readonly (readonly [string, Headers])[] = [
  ['none, where a policy allows it anonymously', []],
  ['a token', authorization(`Bearer ${TOKEN}`)],
  ['a token whose scheme is in lower case', authorization(`bearer ${TOKEN}`)],
  ['a token whose scheme is in capitals', authorization(`BEARER ${TOKEN}`)],
  ['a token after several spaces', authorization(`Bearer   ${TOKEN}`)],
  ['Basic', authorization(ROOT)],
  ['Basic in lower case', authorization(ROOT.replace('Basic', 'basic'))],
];

const REFUSED: readonly (readonly [string, Headers, readonly string[]])[] = [
  ['a forged token', authorization(`Bearer ${FORGED}`), [BEARER]],
  ['a scheme without a token', authorization('Bearer'), [BEARER]],
  ['a token in quotes', authorization(`Bearer "${TOKEN}"`), [BEARER]],
  ['a token after a tab', authorization(`Bearer\t${TOKEN}`), [BEARER, BASIC]],
  ['a token with a tab in it', authorization(`Bearer ${TOKEN}\tx`), [BEARER]],
  ['two tokens in one header', authorization(`Bearer ${TOKEN}, Bearer ${TOKEN}`), [BEARER]],
  ['two tokens side by side', authorization(`Bearer ${TOKEN} ${TOKEN}`), [BEARER]],
  ['a token without a scheme', authorization(TOKEN), [BEARER, BASIC]],
  ['a token of an unknown scheme', authorization(`Token ${TOKEN}`), [BEARER, BASIC]],
  ['an empty header', authorization(''), [BEARER, BASIC]],
  ['a token as a Basic pair', authorization(`Basic ${TOKEN}`), [BASIC]],
  ['a wrong secret', authorization(basic('root', 'wrong')), [BASIC]],
  ['an unknown Client', authorization(basic('nobody', ROOT_SECRET)), [BASIC]],
  ['a Client that every object inherits', authorization(basic('__proto__', 'x')), [BASIC]],
  ['an inactive Client', authorization(basic('inactive', 'secret-of-it')), [BASIC]],
  ['a Client that may not use Basic', authorization(basic('no-basic', 'secret-of-it')), [BASIC]],
  [
    'a User with its password',
    authorization(basic('admin', 'admin-password-of-the-tests')),
    [BASIC],
  ],
  ['Basic without a colon', authorization(`Basic ${btoa('root')}`), [BASIC]],
  ['Basic that is no base64', authorization('Basic ro~t'), [BASIC]],
];

const AMBIGUOUS: readonly (readonly [string, string, Headers])[] = [
  ['a token twice', '', authorization(`Bearer ${TOKEN}`, `Bearer ${TOKEN}`)],
  ['a token and Basic', '', authorization(`Bearer ${TOKEN}`, ROOT)],
  ['a forged token and Basic', '', authorization(`Bearer ${FORGED}`, ROOT)],
  ['a token in the query', `?access_token=${TOKEN}`, []],
  ['a token in the query beside one in the header', `?access_token=${TOKEN}`, authorization(ROOT)],
  ['a token in the query under an escaped name', `?access%5Ftoken=${TOKEN}`, []],
];

describe('the credential', () => {
  const logger = new RecordingLogger();
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp({}, undefined, logger);
    await app.put('/fhir/TokenIntrospector/i', {
      type: 'jwt',
      jwt: { iss: ISSUER, secret: KEY.pem },
    });
    const client = { secret: 'secret-of-it', grant_types: ['basic'] };
    await app.put('/fhir/Client/inactive', { ...client, active: false });
    await app.put('/fhir/Client/no-basic', { ...client, grant_types: ['client_credentials'] });
    // Open to everybody, so that a credential that fails could pass for none.
    await app.put('/fhir/AccessPolicy/open', {
      engine: 'matcho',
      matcho: { uri: '/fhir/Patient', 'request-method': 'get' },
    });
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await app.stop();
  });

  const read = (headers: Headers, query = ''): Promise<RawReply> =>
    rawCall(app.baseUrl, { target: `/fhir/Patient${query}`, headers });

  it.each(ACCEPTED)('may be %s', async (_name, headers) => {
    expect((await read(headers)).status).toBe(200);
  });

  it.each(REFUSED)(
    'is refused, not passed over, if it is %s',
    async (_name, headers, challenge) => {
      const reply = await read(headers);

      expect(reply.status).toBe(401);
      expect(reply.headers.get('www-authenticate')).toEqual(challenge);
      expect(issueCodeOf(reply)).toBe('login');
    },
  );

  it.each(AMBIGUOUS)('is refused as a bad request if it is %s', async (_name, query, headers) => {
    const reply = await read(headers, query);

    expect(reply.status).toBe(400);
    expect(reply.headers.get('www-authenticate')).toBeUndefined();
    expect(issueCodeOf(reply)).toBe('invalid');
  });

  it('cannot smuggle a line into a header', async () => {
    const reply = await read(authorization(`Bearer ${TOKEN}\nX-Other: 1`));

    expect(reply.status).toBe(400);
  });

  it('is asked for by both challenges where there is none', async () => {
    const reply = await rawCall(app.baseUrl, { target: '/fhir/Observation' });

    expect(reply.status).toBe(401);
    expect(reply.headers.get('www-authenticate')).toEqual(['Bearer realm="fhir"', BASIC]);
    expect(issueCodeOf(reply)).toBe('login');
  });

  it('does not help where no policy allows', async () => {
    const target = '/fhir/Observation';
    const denied = await rawCall(app.baseUrl, {
      target,
      headers: authorization(`Bearer ${TOKEN}`),
    });
    const allowed = await rawCall(app.baseUrl, { target, headers: authorization(ROOT) });

    expect([denied.status, allowed.status]).toEqual([403, 200]);
    expect(issueCodeOf(denied)).toBe('forbidden');
  });

  it('is nowhere in the log', () => {
    const said = logger.lines.join('\n');

    expect(said).toContain('Decision');
    for (const secret of [TOKEN, FORGED, ROOT.slice(6), ROOT_SECRET, 'secret-of-it']) {
      expect(said.includes(secret)).toBe(false);
    }
  });
});

function issueCodeOf({ text }: RawReply): unknown {
  return (JSON.parse(text) as { issue: { code: string }[] }).issue[0]?.code;
}
