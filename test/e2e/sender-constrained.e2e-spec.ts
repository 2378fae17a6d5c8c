import pg from 'pg';
import { dpopProof, keyThumbprint, sha256 } from '../support/dpop-proof.js';
import { startOpenIdProvider, type OpenIdProvider } from '../support/openid-provider.js';
import { rawCall, type RawReply } from '../support/raw-http.js';
import { startTestApp, type Reply, type TestApp } from '../support/test-app.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { accessClaims, ecKey, secretKey, signJwt } from '../support/token-signer.js';

const START_TIMEOUT_MS = 120_000;
const ISSUER = 'https://issuer.example';
const SECRET = secretKey('a secret of at least thirty-two bytes');
const HEADER = 'x-ssl-client-cert';
const DER = Buffer.from('the bytes of a certificate');
const PEM = `-----BEGIN CERTIFICATE-----\n${DER.toString('base64')}\n-----END CERTIFICATE-----\n`;
const BEARER = 'Bearer realm="fhir", error="invalid_token"';

const key = ecKey();
let database: TestDatabase;
let provider: OpenIdProvider;
let apps: readonly [TestApp, TestApp];

beforeAll(async () => {
  database = await createTestDatabase();
  provider = await startOpenIdProvider();
  // Both behind one name, as instances behind a load balancer are; one hears a proxy on loopback.
  const proxy = { BOX_WEB_TRUSTED_PROXIES: '127.0.0.1' };
  const env = {
    BOX_WEB_BASE_URL: 'https://gate.example.org',
    WARDGATE_CLIENT_CERTIFICATE_HEADER: HEADER,
  };
  apps = [await startTestApp({ ...env, ...proxy }, database), await startTestApp(env, database)];
  const [app] = apps;
  await app.put('/fhir/TokenIntrospector/real', {
    type: 'jwt',
    jwt: { iss: provider.issuer },
    jwks_uri: provider.jwksUri,
  });
  await app.put('/fhir/TokenIntrospector/secret', {
    type: 'jwt',
    jwt: { iss: ISSUER, secret: SECRET.pem },
  });
  await app.put('/fhir/AccessPolicy/bound', {
    engine: 'matcho',
    matcho: { uri: '#^/fhir', jwt: { iss: 'present?' } },
  });
  // The other instance has read all of it when it lets a token in.
  const token = signJwt(SECRET, accessClaims(ISSUER));
  while ((await apps[1].call('GET', '/fhir/Patient', { token })).status !== 200);
}, START_TIMEOUT_MS);

afterAll(async () => {
  for (const app of apps) await app.stop();
  await provider.stop();
  await database.drop();
});

const bound = (cnf: object): string => signJwt(SECRET, { ...accessClaims(ISSUER), cnf });
const toKey = bound({ jkt: keyThumbprint(key) });
const url = (path = '/fhir/Patient'): string => `https://gate.example.org${path}`;
const proof = (token: string, claims: object = {}, signer = key): string =>
  dpopProof(signer, { method: 'GET', url: url(), token }, { claims: { ...claims } });

function read(
  token: string,
  dpop: string,
  { app = apps[0], path = '/fhir/Patient' } = {},
): Promise<Reply> {
  return app.call('GET', path, { headers: { authorization: `DPoP ${token}`, dpop } });
}

function challengeOf(reply: Reply): string | undefined {
  return /^(DPoP realm="fhir", error="\w+"), algs="[\w ]+"$/.exec(
    reply.headers.get('www-authenticate') ?? '',
  )?.[1];
}

describe('a token that an OpenID provider bound to a key', () => {
  it('is accepted with a proof, and not as Bearer', async () => {
    const request = { method: 'POST', url: `${provider.issuer}/token` };
    const token = await provider.clientCredentialsToken('jwt', dpopProof(key, request));

    expect((await read(token, proof(token))).status).toBe(200);
    expect((await apps[0].call('GET', '/fhir/Patient', { token })).status).toBe(401);
    expect((await read(token, proof(token, {}, ecKey()))).status).toBe(401);
  });
});

describe('a proof', () => {
  it.each([
    ['with the path as it is', '/fhir/Patient', {}],
    ['whatever the query', '/fhir/Patient?_count=1', {}],
    ['with a query of its own', '/fhir/Patient', { htu: `${url()}?_count=2` }],
    [
      'in another spelling',
      '/fhir/Patient',
      { htu: 'HTTPS://Gate.Example.org:443/fhir//%50atient' },
    ],
  ])('serves %s', async (_case, path, claims) => {
    expect((await read(toKey, proof(toKey, claims), { path })).status).toBe(200);
  });

  it.each([
    ['for another method', { htm: 'POST' }],
    ['for another path', { htu: url('/fhir/Observation') }],
    ['for another host', { htu: 'https://evil.example/fhir/Patient' }],
    ['for another scheme', { htu: 'http://gate.example.org/fhir/Patient' }],
    ['for another port', { htu: 'https://gate.example.org:8443/fhir/Patient' }],
    ['for another token', { ath: sha256('another') }],
    ['that is old', { iat: Math.floor(Date.now() / 1000) - 600 }],
  ])('%s is refused', async (_case, claims) => {
    const reply = await read(toKey, proof(toKey, claims));

    expect(reply.status).toBe(401);
    expect(challengeOf(reply)).toBe('DPoP realm="fhir", error="invalid_dpop_proof"');
    expect(reply.json).toMatchObject({ issue: [{ code: 'login' }] });
  });

  it('for another host is refused whatever the request says of its host', async () => {
    const dpop = proof(toKey, { htu: 'https://evil.example/fhir/Patient' });
    const reply = await rawCall(apps[0].baseUrl, {
      target: 'https://evil.example/fhir/Patient',
      headers: [
        ['Authorization', `DPoP ${toKey}`],
        ['DPoP', dpop],
        ['X-Forwarded-Host', 'evil.example'],
        ['Forwarded', 'for=192.0.2.1;host=evil.example;proto=https'],
      ],
    });

    expect(reply.status).toBe(401);
  });

  it('serves once, on whichever instance', async () => {
    const [first, second] = apps;
    const [one, other] = [proof(toKey), proof(toKey)];

    expect((await read(toKey, one, { app: first })).status).toBe(200);
    expect((await read(toKey, one, { app: first })).status).toBe(401);
    const replayed = await read(toKey, one, { app: second });
    expect(replayed.status).toBe(401);
    expect(challengeOf(replayed)).toBe('DPoP realm="fhir", error="invalid_dpop_proof"');
    expect((await read(toKey, other, { app: second })).status).toBe(200);
  });

  it('serves once of many requests at a time', async () => {
    const one = proof(toKey);
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        read(toKey, one, { app: index % 2 ? apps[0] : apps[1] }),
      ),
    );

    const expected = [200, ...Array.from({ length: 19 }, () => 401)];
    expect(replies.map(({ status }) => status).sort()).toEqual(expected);
  });

  it('is refused twice in one request, and missing', async () => {
    const headers = [['Authorization', `DPoP ${toKey}`]] as const;
    const twice = ['DPoP', proof(toKey)] as const;
    const send = (more: readonly (readonly [string, string])[]): Promise<RawReply> =>
      rawCall(apps[0].baseUrl, { target: '/fhir/Patient', headers: [...headers, ...more] });

    expect((await send([])).status).toBe(401);
    expect((await send([twice, ['DPoP', proof(toKey)]])).status).toBe(401);
    expect((await send([twice])).status).toBe(200);
  });

  it('counts once for a Bundle and all of its entries', async () => {
    const dpop = dpopProof(key, { method: 'POST', url: url('/fhir'), token: toKey });
    const entry = { request: { method: 'GET', url: 'Patient' } };
    const reply = await apps[0].call('POST', '/fhir', {
      headers: { authorization: `DPoP ${toKey}`, dpop },
      body: { resourceType: 'Bundle', type: 'batch', entry: [entry, entry] },
    });

    expect(reply.status).toBe(200);
    expect(reply.json).toMatchObject({
      entry: [{ response: { status: '200' } }, { response: { status: '200' } }],
    });
  });

  it('is not taken while the database cannot say whether it was used', async () => {
    const admin = new pg.Client({ connectionString: database.url });
    await admin.connect();
    try {
      await admin.query('ALTER TABLE used_proof RENAME TO hidden');
      const reply = await read(toKey, proof(toKey));
      expect(reply.status).toBe(503);
      expect(reply.headers.get('retry-after')).toBe('5');
    } finally {
      await admin.query('ALTER TABLE hidden RENAME TO used_proof');
      await admin.end();
    }
    expect((await read(toKey, proof(toKey))).status).toBe(200);
  });
});

describe('the scheme of a token', () => {
  it('must be DPoP for one that is bound to a key', async () => {
    const reply = await apps[0].call('GET', '/fhir/Patient', {
      token: toKey,
      headers: { dpop: proof(toKey) },
    });

    expect(reply.status).toBe(401);
    expect(reply.headers.get('www-authenticate')?.startsWith(`${BEARER}, DPoP realm=`)).toBe(true);
  });

  it('must be Bearer for one that is not', async () => {
    const token = signJwt(SECRET, accessClaims(ISSUER));
    const reply = await read(token, proof(token));

    expect(reply.status).toBe(401);
    expect(challengeOf(reply)).toBe('DPoP realm="fhir", error="invalid_token"');
    expect((await apps[0].call('GET', '/fhir/Patient', { token })).status).toBe(200);
  });
});

describe('a token that is bound to a certificate', () => {
  const token = bound({ 'x5t#S256': sha256(DER) });
  const send = (app: TestApp, ...values: readonly string[]): Promise<RawReply> =>
    rawCall(app.baseUrl, {
      target: '/fhir/Patient',
      headers: [
        ['Authorization', `Bearer ${token}`],
        ...values.map((value) => [HEADER, value] as const),
      ],
    });

  it('is accepted when a trusted proxy reports that certificate', async () => {
    expect((await send(apps[0], encodeURIComponent(PEM))).status).toBe(200);
  });

  it.each([
    ['no certificate', []],
    ['another one', [encodeURIComponent(PEM.replace('dGhl', 'VGhl'))]],
    ['two', [encodeURIComponent(PEM), encodeURIComponent(PEM)]],
    ['one that cannot be read', ['certificate']],
  ])('is refused when it reports %s', async (_what, values) => {
    const reply = await send(apps[0], ...values);

    expect(reply.status).toBe(401);
    expect(reply.headers.get('www-authenticate')).toEqual([BEARER]);
  });

  it('is refused when somebody else reports it', async () => {
    expect((await send(apps[1], encodeURIComponent(PEM))).status).toBe(401);
  });
});
