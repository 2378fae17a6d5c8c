import {
  startIntrospectionEndpoint,
  type EndpointMode,
  type IntrospectionEndpoint,
} from '../support/introspection-endpoint.js';
import { startTestApp, type Reply, type TestApp } from '../support/test-app.js';
import { accessClaims, secretKey, signJwt } from '../support/token-signer.js';

const ISSUER = 'https://issuer.example';
const KEY = secretKey('a secret of at least thirty-two bytes');

let app: TestApp;
let endpoint: IntrospectionEndpoint;
let second: IntrospectionEndpoint;

beforeAll(async () => {
  app = await startTestApp({ WARDGATE_IDP_TIMEOUT: '300ms' });
  await app.put('/fhir/AccessPolicy/patients', {
    engine: 'matcho',
    matcho: { uri: '#^/fhir/Patient', token: { client_id: 'ward-app', scope: '#\\bfhir\\b' } },
  });
});
afterAll(() => app.stop());

beforeEach(async () => {
  endpoint = await startIntrospectionEndpoint();
  second = await startIntrospectionEndpoint();
  await store('a', endpoint);
});
afterEach(async () => {
  for (const id of ['a', 'b', 'j']) {
    await app.call('DELETE', `/fhir/TokenIntrospector/${id}`, { asRoot: true });
  }
  await endpoint.stop();
  await second.stop();
});

const store = (id: string, { url }: IntrospectionEndpoint, elements: object = {}): Promise<Reply> =>
  app.put(`/fhir/TokenIntrospector/${id}`, {
    type: 'opaque',
    introspection_endpoint: { url, authorization: 'Basic d2FyZGdhdGU6c2VjcmV0' },
    ...elements,
  });

const get = (token: string, path = '/fhir/Patient'): Promise<Reply> =>
  app.call('GET', path, { token });
const statusOf = async (token: string): Promise<number> => (await get(token)).status;

/** A token that the endpoint vouches for. */
function vouchedBy({ answers }: IntrospectionEndpoint, members: object = {}): string {
  const token = crypto.randomUUID();
  const exp = Math.floor(Date.now() / 1000) + 300;
  answers.set(token, {
    active: true,
    client_id: 'ward-app',
    scope: 'openid fhir',
    exp,
    ...members,
  });
  return token;
}

async function untilServed(token: string): Promise<void> {
  while ((await statusOf(token)) !== 200);
}

describe('an opaque token', () => {
  it('is judged by policies on the answer of the endpoint, as token and not as jwt', async () => {
    await app.put('/fhir/AccessPolicy/no-jwt', {
      engine: 'matcho',
      matcho: { uri: '#^/fhir/Basic', token: 'present?', jwt: 'nil?' },
    });

    expect(await statusOf(vouchedBy(endpoint))).toBe(200);
    expect(await statusOf(vouchedBy(endpoint, { client_id: 'other' }))).toBe(403);
    expect(await statusOf(vouchedBy(endpoint, { scope: 'fhirx' }))).toBe(403);
    expect((await get(vouchedBy(endpoint), '/fhir/Basic')).status).toBe(200);
  });

  it.each([
    ['the endpoint does not know it', undefined],
    ['it is not active', { active: false }],
    ['active is no boolean', { active: 'true' }],
    ['it has expired', { exp: 1 }],
    ['it is not valid yet', { nbf: 4_000_000_000 }],
    ['it is a refresh token', { token_type: 'refresh_token' }],
    ['a member has the wrong type', { sub: 7 }],
  ])('is 401 where %s', async (_case, members) => {
    const token = members ? vouchedBy(endpoint, members) : crypto.randomUUID();
    const reply = await get(token);

    expect(reply.status).toBe(401);
    expect(reply.headers.get('www-authenticate')).toBe(
      'Bearer realm="fhir", error="invalid_token"',
    );
    expect(reply.json).toMatchObject({
      resourceType: 'OperationOutcome',
      issue: [{ code: 'login' }],
    });
    expect(reply.text).not.toContain(token);
  });

  it('is 401 unless the answer has the issuer and audience that are named', async () => {
    await store('a', endpoint, { jwt: { iss: ISSUER, aud: 'fhir' } });

    expect(await statusOf(vouchedBy(endpoint, { iss: ISSUER, aud: ['fhir'] }))).toBe(200);
    expect(await statusOf(vouchedBy(endpoint, { iss: 'https://other.example', aud: 'fhir' }))).toBe(
      401,
    );
    expect(await statusOf(vouchedBy(endpoint, { iss: ISSUER, aud: 'other' }))).toBe(401);
    expect(await statusOf(vouchedBy(endpoint))).toBe(401);
  });
});

describe('the endpoint', () => {
  it('is asked once about a token in 1,000 requests', async () => {
    const token = vouchedBy(endpoint);
    for (let round = 0; round < 20; round += 1) {
      const statuses = await Promise.all(Array.from({ length: 50 }, () => statusOf(token)));
      expect(new Set(statuses)).toEqual(new Set([200]));
    }

    expect(endpoint.askedAbout(token)).toBe(1);
    expect(endpoint.asked[0]?.headers['authorization']).toBe('Basic d2FyZGdhdGU6c2VjcmV0');
  });

  it('is asked once about a token that 200 requests bring at the same time', async () => {
    const token = vouchedBy(endpoint);
    endpoint.delayMs = 100;
    const statuses = await Promise.all(Array.from({ length: 200 }, () => statusOf(token)));

    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(endpoint.askedAbout(token)).toBe(1);
  });

  it('is asked once about a token that it refuses, for a while', async () => {
    const guess = crypto.randomUUID();
    for (let i = 0; i < 20; i += 1) expect(await statusOf(guess)).toBe(401);

    expect(endpoint.askedAbout(guess)).toBe(1);
  });

  it.each<EndpointMode>([500, 401, 'garbage', 'huge', 'slow'])(
    'failing is 503 and never 401, and over without a restart: %s',
    async (mode) => {
      const [known, token] = [vouchedBy(endpoint), vouchedBy(endpoint)];
      expect(await statusOf(known)).toBe(200);
      endpoint.mode = mode;
      const reply = await get(token);

      expect(reply.status).toBe(503);
      expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(reply.json).toMatchObject({ issue: [{ code: 'transient' }] });
      expect(await statusOf(known)).toBe(200);
      endpoint.mode = 'up';
      await untilServed(token);
    },
  );

  it('that is down is left alone after a few failures, and asked again by itself', async () => {
    const token = vouchedBy(endpoint);
    endpoint.mode = 503;
    for (let i = 0; i < 30; i += 1) expect(await statusOf(token)).toBe(503);
    expect(endpoint.askedAbout(token)).toBe(5);

    endpoint.mode = 'up';
    await untilServed(token);
  });
});

describe('a write to the introspector', () => {
  it.each([
    ['that deactivates it', () => store('a', endpoint, { active: false })],
    ['that deletes it', () => app.call('DELETE', '/fhir/TokenIntrospector/a', { asRoot: true })],
    ['that names another audience', () => store('a', endpoint, { jwt: { aud: 'other' } })],
    ['that names another endpoint', () => store('a', second)],
  ])('%s governs the very next request', async (_what, write) => {
    const token = vouchedBy(endpoint);
    expect(await statusOf(token)).toBe(200);

    await write();
    expect(await statusOf(token)).toBe(401);
    await store('a', endpoint);
    expect(await statusOf(token)).toBe(200);
  });
});

describe('several introspectors', () => {
  it('are asked in order of id, until one vouches for the token', async () => {
    await store('b', second);
    const [first, other] = [vouchedBy(endpoint), vouchedBy(second)];

    expect(await statusOf(first)).toBe(200);
    expect(second.asked).toHaveLength(0);
    expect(await statusOf(other)).toBe(200);
    expect([endpoint, second].map((it) => it.askedAbout(other))).toEqual([1, 1]);
    expect(await statusOf(crypto.randomUUID())).toBe(401);
  });

  it('leave in the trace who refused the token before it was vouched for', async () => {
    await store('b', second);
    const [atOnce, later] = [await get(vouchedBy(endpoint)), await get(vouchedBy(second))];
    const authentication = async ({ headers }: Reply): Promise<unknown> => {
      const path = `/$decision/${headers.get('x-request-id') ?? ''}`;
      const { json } = await app.call('GET', path, { asRoot: true });
      const [decision] = json?.['decisions'] as Record<string, unknown>[];
      return decision?.['authentication'];
    };

    expect([atOnce.status, later.status]).toEqual([200, 200]);
    expect(await authentication(atOnce)).toEqual({
      scheme: 'bearer',
      introspector: 'TokenIntrospector/a',
    });
    expect(await authentication(later)).toEqual({
      scheme: 'bearer',
      introspector: 'TokenIntrospector/b',
      refusals: [{ code: 'inactive', introspector: 'TokenIntrospector/a' }],
    });
  });

  it('are undecided about a token that none vouches for while one is down', async () => {
    await store('b', second);
    const token = vouchedBy(second);
    endpoint.mode = 500;

    expect(await statusOf(token)).toBe(200);
    expect(await statusOf(crypto.randomUUID())).toBe(503);
  });

  it('get the tokens that their token_pattern is found in, and no others', async () => {
    await store('a', endpoint, { token_pattern: '^a-' });
    await store('b', second, { token_pattern: '^b-' });
    const answer = { active: true, client_id: 'ward-app', scope: 'fhir' };
    for (const { answers } of [endpoint, second]) {
      for (const token of ['a-1', 'b-1', 'c-1']) answers.set(token, answer);
    }

    expect([await statusOf('a-1'), await statusOf('b-1'), await statusOf('c-1')]).toEqual([
      200, 200, 401,
    ]);
    const asked = [endpoint, second].map((it) => it.asked.map(({ form }) => form['token']));
    expect(asked).toEqual([['a-1'], ['b-1']]);
  });

  it('get JWTs where they accept them, and none of an issuer that is switched off', async () => {
    const jwt = (): string => signJwt(KEY, { ...accessClaims(ISSUER), jti: crypto.randomUUID() });
    const answer = { active: true, client_id: 'ward-app', scope: 'fhir' };
    const [early, late, off] = [jwt(), jwt(), jwt()];
    for (const token of [early, late, off]) endpoint.answers.set(token, answer);

    expect(await statusOf(early)).toBe(401);
    expect(endpoint.asked).toHaveLength(0);
    await store('a', endpoint, { accept_jwt: true });
    expect(await statusOf(late)).toBe(200);
    const jwtIntrospector = { type: 'jwt', jwt: { iss: ISSUER, secret: KEY.pem }, active: false };
    await app.put('/fhir/TokenIntrospector/j', jwtIntrospector);
    expect(await statusOf(off)).toBe(401);
    expect(endpoint.askedAbout(off)).toBe(0);
  });
});
