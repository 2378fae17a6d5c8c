import { readFileSync } from 'node:fs';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { accessClaims, secretKey, signJwt } from '../support/token-signer.js';

/** A request, a pattern that it meets, and one that it does not. */
interface KeyVector {
  readonly name: string;
  readonly request: KeyRequest;
  readonly meets: object;
  readonly misses: object;
}

/** Sent with a token unless it brings a credential itself. */
interface KeyRequest {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

const file = new URL('../vectors/request-object/keys.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as readonly KeyVector[];
const ISSUER = 'https://issuer.example';
const KEY = secretKey('a secret of at least thirty-two bytes');
const START_TIMEOUT_MS = 60_000;

const token = signJwt(KEY, { ...accessClaims(ISSUER), sub: 'u', nested: { empty: [] } });

/** One app at a time, so that each policy named `probe` is the only one for the caller. */
async function configure({ put }: TestApp): Promise<void> {
  await put('/fhir/TokenIntrospector/i', {
    type: 'jwt',
    jwt: { iss: ISSUER, secret: KEY.pem },
    trusted_users: ['u'],
  });
  await put('/fhir/User/u', { password: 'long enough', data: { ward: 'A', empty: '' } });
  await put('/fhir/Role/r', {
    name: 'nurse',
    user: { reference: 'User/u' },
    links: { patient: { reference: 'Patient/p1' } },
  });
  await put('/fhir/Client/c', { secret: 'secret-of-c', grant_types: ['basic'] });
}

/** Whether a request is let in while a policy with this pattern is the only one for it. */
async function isAllowed(app: TestApp, matcho: object, request: KeyRequest): Promise<boolean> {
  const { method, path, ...call } = request;
  await app.put('/fhir/AccessPolicy/probe', { engine: 'matcho', matcho });
  const credential = call.headers?.['authorization'] === undefined ? { token } : {};
  const { status } = await app.call(method, path, { ...call, ...credential });
  return status !== 401 && status !== 403;
}

async function outcome(app: TestApp, { request, meets, misses }: Omit<KeyVector, 'name'>) {
  return {
    met: await isAllowed(app, meets, request),
    missed: await isAllowed(app, misses, request),
  };
}

describe('policies see', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp();
    await configure(app);
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await app.stop();
  });

  it.each(vectors)('$name', async (vector) => {
    await expect(outcome(app, vector)).resolves.toEqual({ met: true, missed: false });
  });
});

describe('behind a trusted proxy policies see', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp({ BOX_WEB_TRUSTED_PROXIES: '127.0.0.1' });
    await configure(app);
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await app.stop();
  });

  it('what the proxy says of the client', async () => {
    const headers = {
      'X-Forwarded-For': '1.1.1.1, 203.0.113.9',
      'X-Forwarded-Proto': 'https',
      'X-SSL-Client-Verify': 'SUCCESS',
    };
    const vector = {
      request: { method: 'GET', path: '/fhir/Patient', headers },
      meets: {
        'remote-addr': '203.0.113.9',
        scheme: 'https',
        headers: { 'x-ssl-client-verify': '[redacted]' },
      },
      misses: { 'remote-addr': '1.1.1.1' },
    };

    await expect(outcome(app, vector)).resolves.toEqual({ met: true, missed: false });
  });
});
