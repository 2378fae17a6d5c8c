import {
  startIntrospectionEndpoint,
  type IntrospectionEndpoint,
} from '../support/introspection-endpoint.js';
import { rawCall, type RawReply } from '../support/raw-http.js';
import { RecordingLogger } from '../support/recording-logger.js';
import { basic, ROOT_SECRET, startTestApp, type Reply, type TestApp } from '../support/test-app.js';
import { startUserinfo, type Userinfo } from '../support/userinfo.js';

const START_TIMEOUT_MS = 60_000;
const TRUSTED = 'https://portal.example.org';
const COOKIE = 'D3ADBEEF0123456789';
const NAME = '.ASPXAUTH';

const logger = new RecordingLogger();
let app: TestApp;
let endpoint: IntrospectionEndpoint;
let userinfo: Userinfo;

beforeAll(async () => {
  endpoint = await startIntrospectionEndpoint();
  userinfo = await startUserinfo();
  endpoint.answers.set(COOKIE, { active: true, sub: 'ada', email: 'ada@example.com' });
  const env = {
    BOX_SECURITY_INTROSPECTION_CREATE_USER: 'true',
    BOX_SECURITY_DEV_MODE: 'true',
    BOX_SECURITY_CORS_ORIGINS: TRUSTED,
    WARDGATE_IDP_TIMEOUT: '300ms',
    WARDGATE_LOG_LEVEL: 'trace',
  };
  app = await startTestApp(env, undefined, logger);
  await app.put('/fhir/IdentityProvider/intranet', {
    active: true,
    system: 'intranet',
    userinfo_endpoint: userinfo.url,
    'userinfo-source': 'userinfo-endpoint',
  });
  await store();
  await app.put('/fhir/AccessPolicy/holders', {
    engine: 'matcho',
    matcho: { uri: '#^/fhir', token: { sub: 'ada' }, user: 'present?' },
  });
}, START_TIMEOUT_MS);
afterAll(async () => {
  await app.stop();
  await userinfo.stop();
  await endpoint.stop();
});
beforeEach(() => {
  endpoint.asked.length = 0;
});

const store = (elements: object = {}): Promise<Reply> =>
  app.put('/fhir/TokenIntrospector/intranet', {
    type: 'aspxauth',
    introspection_endpoint: { url: endpoint.url, authorization: 'Basic ZG90OnNlY3JldA==' },
    identity_provider: { reference: 'IdentityProvider/intranet' },
    ...elements,
  });

const send = (method: string, cookie: string, headers: object = {}, path = '/fhir/Basic') =>
  app.call(method, path, {
    headers: { cookie, ...headers },
    ...(method === 'POST' ? { body: { resourceType: 'Basic', code: { text: 'x' } } } : {}),
  });
const held = `${NAME}=${COOKIE}`;

describe('the cookie of ASP.NET', () => {
  it('is posted to the endpoint like a token, and asked about once', async () => {
    await app.call('POST', '/$drop-cache', { asRoot: true });
    const replies = [await send('GET', held), await send('GET', `theme=dark; ${held}; lang=en`)];

    expect(replies.map(({ status }) => status)).toEqual([200, 200]);
    expect(endpoint.asked).toEqual([
      {
        method: 'POST',
        form: { token: COOKIE, token_type_hint: 'access_token' },
        headers: expect.objectContaining({ authorization: 'Basic ZG90OnNlY3JldA==' }),
      },
    ]);
    expect(endpoint.asked[0]?.headers['cookie']).toBeUndefined();
  });

  it.each([
    ['another value', `${NAME}=other`, 401],
    ['an empty value', `${NAME}=`, 401],
    ['the name in other letters', `.aspxauth=${COOKIE}`, 401],
    ['another name', `ASPXAUTH=${COOKIE}`, 401],
  ])('is refused with %s', async (_case, cookie, status) => {
    expect((await send('GET', cookie)).status).toBe(status);
    expect(endpoint.askedAbout(COOKIE)).toBe(0);
  });

  it('is undecided, not refused, while the endpoint is down', async () => {
    endpoint.mode = 500;
    const reply = await send('GET', `${NAME}=unknown`);
    endpoint.mode = 'up';

    expect(reply.status).toBe(503);
    expect(reply.headers.get('retry-after')).toBe('5');
    expect((await send('GET', `${NAME}=unknown`)).status).toBe(401);
  });

  it('makes answers private, refusals included', async () => {
    for (const cookie of [held, `${NAME}=other`]) {
      const { headers } = await send('GET', cookie);
      expect(headers.get('cache-control')).toBe('private, no-cache');
    }
  });

  it('is no bearer token, nor a bearer token a cookie', async () => {
    expect((await app.call('GET', '/fhir/Basic', { token: COOKIE })).status).toBe(401);
    expect(endpoint.asked).toHaveLength(0);
  });
});

describe('two credentials', () => {
  const raw = (...headers: readonly (readonly [string, string])[]): Promise<RawReply> =>
    rawCall(app.baseUrl, { target: '/fhir/Basic', headers });

  it.each([
    ['the cookie and Basic', [['Cookie', held] as const, ['Authorization', 'Basic eDp5'] as const]],
    ['the cookie and Bearer', [['Cookie', held] as const, ['Authorization', 'Bearer x'] as const]],
    ['the cookie twice', [['Cookie', `${held}; ${NAME}=other`] as const]],
    ['the same cookie twice', [['Cookie', `${held}; ${held}`] as const]],
    ['the cookie in two headers', [['Cookie', held] as const, ['Cookie', held] as const]],
  ])('are 400: %s', async (_case, headers) => {
    expect((await raw(['Cookie', held])).status).toBe(200);
    expect((await raw(...headers)).status).toBe(400);
  });

  it('are one where the other cookie is none', async () => {
    const authorization = basic('root', ROOT_SECRET);

    expect((await raw(['Cookie', 'a=b'], ['Authorization', authorization])).status).toBe(200);
  });
});

describe('a request with the cookie that is neither GET nor HEAD', () => {
  it.each([
    ['no Origin', undefined, 403],
    ['a foreign Origin', 'https://evil.example', 403],
    ['the Origin null', 'null', 403],
    ['an Origin that begins like a trusted one', `${TRUSTED}.evil.example`, 403],
    ['a trusted host under another scheme', 'http://portal.example.org', 403],
    ['the Origin of CORS', TRUSTED, 201],
    ['the Origin of this server', 'own', 201],
  ])('and %s', async (_case, origin, status) => {
    const value = origin === 'own' ? new URL(app.baseUrl).origin : origin;
    const before = await app.call('GET', '/fhir/Basic', { asRoot: true });
    const reply = await send('POST', held, value === undefined ? {} : { origin: value });
    const after = await app.call('GET', '/fhir/Basic', { asRoot: true });

    expect(reply.status).toBe(status);
    const written = Number(after.json?.['total']) - Number(before.json?.['total']);
    expect(written).toBe(status === 201 ? 1 : 0);
  });

  it('is refused for two Origins', async () => {
    const origin = ['Origin', TRUSTED] as const;
    const request = { method: 'DELETE', target: '/fhir/Basic/none' };
    const sent = (...headers: readonly (readonly [string, string])[]): Promise<RawReply> =>
      rawCall(app.baseUrl, { ...request, headers: [['Cookie', held], ...headers] });

    expect((await sent(origin)).status).toBe(204);
    expect((await sent(origin, origin)).status).toBe(403);
  });

  it('and is a Bundle of reads is refused all the same', async () => {
    const entry = [{ request: { method: 'GET', url: 'Basic' } }];
    const bundle = (origin: string): Promise<Reply> =>
      app.call('POST', '/fhir', {
        headers: { cookie: held, origin },
        body: { resourceType: 'Bundle', type: 'batch', entry },
      });

    expect((await bundle('https://evil.example')).status).toBe(403);
    expect((await bundle(TRUSTED)).status).toBe(200);
  });

  it('is 401 for a cookie that is not valid, whatever the Origin', async () => {
    const origin = 'https://evil.example';

    expect((await send('POST', `${NAME}=other`, { origin })).status).toBe(401);
  });

  it('needs no Origin with another credential', async () => {
    const reply = await app.call('POST', '/fhir/Basic', {
      asRoot: true,
      headers: { origin: 'https://evil.example' },
      body: { resourceType: 'Basic', code: { text: 'x' } },
    });

    expect(reply.status).toBe(201);
  });
});

describe('the value of the cookie', () => {
  it('is in no request object, answer or log, and goes to no userinfo endpoint', async () => {
    const debugged = await send('GET', `theme=dark; ${held}`, {}, '/fhir/Basic?__debug=policy');
    await send('GET', held, { 'x-debug': 'policy' });

    expect(debugged.json?.['request']).toMatchObject({
      headers: { cookie: '[redacted]' },
      token: { sub: 'ada' },
      user: { data: { email: 'ada@example.com' } },
    });
    expect(debugged.text).not.toContain(COOKIE);
    expect(logger.lines.length).toBeGreaterThan(0);
    expect(logger.lines.join('\n')).not.toContain(COOKIE);
    expect(userinfo.asked).toEqual([]);
  });
});

describe('without an introspector for it', () => {
  it('the cookie is ignored; with an inactive one it is a credential that fails', async () => {
    const both = { cookie: held, authorization: basic('root', ROOT_SECRET) };
    const ask = async () => (await app.call('GET', '/fhir/Basic', { headers: both })).status;
    await store({ active: false });
    expect([await ask(), (await send('GET', held)).status]).toEqual([400, 401]);

    await app.call('DELETE', '/fhir/TokenIntrospector/intranet', { asRoot: true });
    expect([await ask(), (await send('GET', held)).status]).toEqual([200, 401]);
    await store();
    expect((await send('GET', held)).status).toBe(200);
  });
});
