import { generateKeyPairSync, X509Certificate, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { CertificateAuthority, type Certified } from '../support/certificates.js';
import { startFakeUpstream, type FakeUpstream } from '../support/fake-upstream.js';
import { startTestApp, type Reply, type TestApp } from '../support/test-app.js';
import { until } from '../support/until.js';

const authority = new CertificateAuthority('authority of the tests');
const rsaKeys = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
const PATIENT = { resourceType: 'Patient', id: 'p1' };

let upstream: FakeUpstream;
let issuer: FakeUpstream;
let folder: string;
let gateway: TestApp | undefined;

beforeAll(async () => {
  upstream = await startFakeUpstream();
  issuer = await startFakeUpstream('/token');
  folder = mkdtempSync(join(tmpdir(), 'wardgate-gateway-'));
});

afterAll(async () => {
  await upstream.stop();
  await issuer.stop();
  rmSync(folder, { recursive: true });
});

beforeEach(() => {
  upstream.answerJson(PATIENT);
  upstream.calls.length = 0;
  issuer.calls.length = 0;
});

afterEach(async () => {
  await gateway?.stop();
  gateway = undefined;
});

async function start(env: Readonly<Record<string, string>>): Promise<TestApp> {
  gateway = await startTestApp({ FHIR_UPSTREAM_URL: upstream.url, ...env });
  return gateway;
}

function read(app: TestApp, headers = {}): Promise<Reply> {
  return app.call('GET', '/fhir/Patient/p1', { asRoot: true, headers });
}

function keyFile(name: string): { readonly path: string; readonly publicKey: KeyObject } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const path = join(folder, name);
  writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  return { path, publicKey };
}

function sent(name: string): readonly unknown[] {
  return upstream.calls.map(({ headers }) => headers[name]);
}

describe('a header', () => {
  it('is sent with its value from a file, as it is now', async () => {
    const path = join(folder, 'key');
    writeFileSync(path, 'first\n');
    const app = await start({
      WARDGATE_UPSTREAM_AUTH: 'header',
      WARDGATE_UPSTREAM_AUTH_HEADER: 'X-Api-Key',
      WARDGATE_UPSTREAM_AUTH_VALUE_FILE: path,
    });

    await read(app, { 'x-api-key': 'of the client' });
    expect(sent('x-api-key')).toEqual(['first']);

    writeFileSync(path, 'second\n');
    await until(200, async () => {
      const reply = await read(app);
      return { ...reply, status: sent('x-api-key').includes('second') ? 200 : 0 };
    });

    rmSync(path);
    await until(502, () => read(app));
  });
});

describe('a token of a token endpoint', () => {
  const byForm = (env: Readonly<Record<string, string>>) =>
    start({
      WARDGATE_UPSTREAM_TOKEN_URL: issuer.url,
      WARDGATE_UPSTREAM_CLIENT_ID: 'ward gate',
      WARDGATE_UPSTREAM_SCOPE: 'system/*.*',
      ...env,
    });
  const issue = (): void => {
    let count = 0;
    issuer.answerWith((_request, response) => {
      count += 1;
      response.end(JSON.stringify({ access_token: `t${count}`, token_type: 'Bearer' }));
    });
  };

  it('is asked for once, by the secret, for requests at the same time and after', async () => {
    issue();
    const app = await byForm({
      WARDGATE_UPSTREAM_AUTH: 'client-credentials',
      WARDGATE_UPSTREAM_CLIENT_SECRET: 's&cret',
    });

    await Promise.all([read(app), read(app), read(app)]);
    await read(app);

    expect(sent('authorization')).toEqual(Array.from({ length: 4 }, () => 'Bearer t1'));
    expect(issuer.calls).toMatchObject([
      {
        method: 'POST',
        headers: { authorization: `Basic ${btoa('ward%20gate:s%26cret')}` },
        body: 'grant_type=client_credentials&scope=system%2F*.*',
      },
    ]);
  });

  it.each([
    ['private-key-jwt', 'client_assertion', 'client_credentials', 'ward gate'],
    ['jwt-bearer', 'assertion', 'urn:ietf:params:oauth:grant-type:jwt-bearer', null],
  ])('is asked for by a signed assertion: %s', async (auth, field, grant, clientId) => {
    issue();
    const { path, publicKey } = keyFile(auth);
    const app = await byForm({
      WARDGATE_UPSTREAM_AUTH: auth,
      WARDGATE_UPSTREAM_CLIENT_KEY_FILE: path,
      WARDGATE_UPSTREAM_CLIENT_KEY_ID: 'k1',
      WARDGATE_UPSTREAM_CLIENT_KEY_ALGORITHM: 'ES256',
    });

    await read(app);

    const form = new URLSearchParams(issuer.calls[0]?.body);
    const { payload, protectedHeader } = await jwtVerify(form.get(field) ?? '', publicKey);
    expect(form.get('grant_type')).toBe(grant);
    expect(form.get('client_id')).toBe(clientId);
    expect(protectedHeader).toMatchObject({ alg: 'ES256', kid: 'k1' });
    expect(payload).toMatchObject({ iss: 'ward gate', sub: 'ward gate', aud: issuer.url });
    expect(sent('authorization')).toEqual(['Bearer t1']);
  });

  const byCertifiedKey = ({ cert, key }: Certified) => {
    const file = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    return byForm({
      WARDGATE_UPSTREAM_AUTH: 'private-key-jwt',
      WARDGATE_UPSTREAM_CLIENT_KEY_FILE: file('certified.key', key),
      WARDGATE_UPSTREAM_CLIENT_CERTIFICATE_FILE: file('certified.crt', cert),
      WARDGATE_UPSTREAM_CLIENT_KEY_ALGORITHM: 'PS256',
    });
  };

  it('is asked for by an assertion that names its certificate (RFC 7515 §4.1.8)', async () => {
    issue();
    const certified = authority.issue({ name: 'client' }, rsaKeys());
    const certificate = new X509Certificate(certified.cert);

    await read(await byCertifiedKey(certified));

    const form = new URLSearchParams(issuer.calls[0]?.body);
    const { payload, protectedHeader } = await jwtVerify(
      form.get('client_assertion') ?? '',
      certificate.publicKey,
    );
    expect(protectedHeader).toEqual({
      alg: 'PS256',
      typ: 'JWT',
      'x5t#S256': Buffer.from(certificate.fingerprint256.replaceAll(':', ''), 'hex').toString(
        'base64url',
      ),
    });
    expect(payload.nbf).toBe(payload.iat);
  });

  it('is not asked for by a key that is none of the certificate', async () => {
    const { cert } = authority.issue({ name: 'client' }, rsaKeys());
    const { key } = authority.issue({ name: 'another' }, rsaKeys());

    expect((await read(await byCertifiedKey({ cert, key }))).status).toBe(502);
    expect([...issuer.calls, ...upstream.calls]).toEqual([]);
  });

  it('is asked for another subject where that is chosen', async () => {
    issue();
    const { path, publicKey } = keyFile('subject');
    const app = await byForm({
      WARDGATE_UPSTREAM_AUTH: 'jwt-bearer',
      WARDGATE_UPSTREAM_CLIENT_KEY_FILE: path,
      WARDGATE_UPSTREAM_CLIENT_KEY_ALGORITHM: 'ES256',
      WARDGATE_UPSTREAM_SUBJECT: 'user@example.org',
    });

    await read(app);

    const form = new URLSearchParams(issuer.calls[0]?.body);
    const { payload } = await jwtVerify(form.get('assertion') ?? '', publicKey);
    expect(payload).toMatchObject({
      iss: 'ward gate',
      sub: 'user@example.org',
      scope: 'system/*.*',
    });
  });

  it('that cannot be had is a 502, and the upstream is not asked', async () => {
    issuer.answerWith((_request, response) => response.writeHead(400).end('{}'));
    const app = await byForm({
      WARDGATE_UPSTREAM_AUTH: 'client-credentials',
      WARDGATE_UPSTREAM_CLIENT_SECRET: 'secret',
    });

    expect((await read(app)).status).toBe(502);
    expect(upstream.calls).toEqual([]);

    issue();
    await until(200, () => read(app));
  });
});

describe('the token of the caller', () => {
  it('is passed on only where that is chosen, and no other credential with it', async () => {
    const app = await start({ WARDGATE_UPSTREAM_AUTH: 'pass-through' });

    await read(app);

    // Basic credentials of a Client are for Wardgate.
    expect(sent('authorization')).toEqual([undefined]);
  });
});

describe('who asks', () => {
  it('is not told unless that is chosen', async () => {
    await read(await start({}), { 'x-wardgate-user': 'forged', 'x-wardgate-client': 'forged' });

    expect(sent('x-wardgate-user')).toEqual([undefined]);
    expect(sent('x-wardgate-client')).toEqual([undefined]);
  });

  it('is told in headers, never in those of the client', async () => {
    const app = await start({ WARDGATE_UPSTREAM_IDENTITY: 'headers' });

    await read(app, { 'x-wardgate-user': 'forged', 'x-wardgate-client': 'forged' });

    expect(sent('x-wardgate-client')).toEqual(['root']);
    expect(sent('x-wardgate-user')).toEqual([undefined]);
  });

  it('is told in a JWT that the published key verifies', async () => {
    const { path } = keyFile('identity');
    const app = await start({
      WARDGATE_UPSTREAM_IDENTITY: 'jwt',
      WARDGATE_UPSTREAM_IDENTITY_KEY_FILE: path,
    });

    await read(app, { 'x-wardgate-identity': 'forged' });

    const keys = createRemoteJWKSet(new URL(`${app.baseUrl}/.well-known/jwks.json`));
    const { payload } = await jwtVerify(String(sent('x-wardgate-identity')[0]), keys, {
      issuer: app.baseUrl,
      audience: upstream.url,
      typ: 'wardgate-identity+jwt',
    });
    expect(payload).toMatchObject({ sub: 'Client/root', client_id: 'root' });
    expect(Number(payload.exp) - Number(payload.iat)).toBe(60);
    const published = await app.call('GET', '/.well-known/jwks.json');
    expect(published.text).not.toContain('"d"');
  });
});
