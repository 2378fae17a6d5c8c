import {
  AUD,
  problems,
  startChecking,
  stepsOf,
  SYSTEM,
  type Checking,
} from '../support/checking.js';
import type { JwksServer } from '../support/jwks-server.js';
import { basic, type TestApp } from '../support/test-app.js';

describe('the check of an introspector', () => {
  let checking: Checking;
  let app: TestApp;
  let issuer: JwksServer;

  beforeAll(async () => {
    checking = await startChecking();
    ({ app, issuer } = checking);
  });
  beforeEach(() => checking.reset());
  afterAll(() => checking.stop());

  const check = (token?: string, id?: string) => checking.check(token, id);

  it('finds nothing wrong with a good token, and says what would come of it', async () => {
    const reply = await check(checking.token());
    const codes = stepsOf(reply).map(({ step, code }) => `${step}: ${code}`);

    expect(reply.json).toMatchObject({ introspector: 'i', ok: true });
    expect(codes).toEqual([
      'introspector: active',
      'provider: provider-found',
      'keys: keys-read',
      'clock: clock-agrees',
      'token: token-read',
      'routing: routed-here',
      'issuer: issuer-fits',
      'purpose: purpose-fits',
      'time: time-fits',
      'audience: audience-fits',
      'required-claims: claims-there',
      'signature: signature-verified',
      'possession: unbound',
      'user: user-to-create',
    ]);
    const users = await app.call('GET', '/User', { asRoot: true });
    expect(users.text).not.toContain(SYSTEM);
  });

  it('answers the same under /fhir, and nothing of a token but what it shows on purpose', async () => {
    const token = checking.token({ secret_claim: 'never-shown' });
    const [, payload = '', signature = ''] = token.split('.');

    const reply = await app.call('POST', '/fhir/TokenIntrospector/i/$check', {
      asRoot: true,
      body: { token },
    });

    expect(reply.json?.['ok']).toBe(true);
    expect(reply.headers.get('cache-control')).toBe('no-store');
    expect(reply.json?.['token']).toEqual({
      header: { alg: 'RS256', kid: 'k1', typ: 'JWT' },
      claims: expect.objectContaining({ iss: issuer.issuer, aud: AUD }),
      claimNames: ['iss', 'sub', 'aud', 'iat', 'exp', 'secret_claim'],
    });
    for (const secret of [token, payload, signature, 'never-shown', 'some-user-id"']) {
      expect(reply.text.replace('\\"some-user-id\\"', '')).not.toContain(secret);
    }
  });

  describe('is for administrators', () => {
    it.each(['/TokenIntrospector/i/$check', '/fhir/TokenIntrospector/i/$check'])(
      '%s',
      async (path) => {
        const trial = { authorization: basic('trial', 'trial-secret') };
        const body = { token: checking.token() };
        for (const call of [{ method: 'GET' }, { method: 'POST', body }]) {
          const { method, ...options } = call;

          expect((await app.call(method, path, { ...options, asRoot: true })).status).toBe(200);
          expect((await app.call(method, path, { ...options, headers: trial })).status).toBe(403);
          expect((await app.call(method, path, options)).status).toBe(401);
        }
      },
    );

    it('not even opens to a policy that allows everything to everybody', async () => {
      await app.put('/AccessPolicy/open', { engine: 'allow' });
      const before = issuer.requests.get('/.well-known/jwks.json');
      const headers = { authorization: basic('trial', 'trial-secret') };

      const refused = await app.call('GET', '/TokenIntrospector/i/$check', { headers });

      await app.call('DELETE', '/AccessPolicy/open', { asRoot: true });
      expect(refused.status).toBe(403);
      expect(issuer.requests.get('/.well-known/jwks.json')).toBe(before);
    });
  });

  describe('refuses what it cannot check', () => {
    it.each([
      ['no token', {}],
      ['an empty token', { token: '' }],
      ['a token that is no text', { token: 1 }],
      ['a misspelt member', { tokne: 'x' }],
      ['a token that no request could carry', { token: 'x'.repeat(16_385) }],
      ['a list', ['x']],
    ])('%s', async (_what, body) => {
      const reply = await app.call('POST', '/TokenIntrospector/i/$check', { asRoot: true, body });

      expect(reply.status).toBe(422);
    });

    it('a token in the address', async () => {
      const reply = await app.call('GET', '/TokenIntrospector/i/$check?token=x', { asRoot: true });

      expect(reply.status).toBe(400);
    });

    it('an unknown introspector, and one that was deleted', async () => {
      await app.put('/TokenIntrospector/gone', {
        type: 'jwt',
        jwt: { iss: 'https://gone', secret: 's' },
      });
      await app.call('DELETE', '/TokenIntrospector/gone', { asRoot: true });
      const statusOf = async (id: string) =>
        (await app.call('GET', `/TokenIntrospector/${id}/$check`, { asRoot: true })).status;

      await expect(statusOf('unknown')).resolves.toBe(404);
      await expect(statusOf('gone')).resolves.toBe(410);
    });
  });

  it('runs once at a time for an introspector', async () => {
    issuer.mode = 'slow';
    const call = () => app.call('GET', '/TokenIntrospector/i/$check', { asRoot: true });

    const replies = await Promise.all([call(), call(), call()]);

    expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 429, 429]);
    expect(replies.find(({ status }) => status === 429)?.headers.get('retry-after')).toBe('1');
    issuer.mode = 'up';
    expect((await call()).status).toBe(200);
  });

  it('asks anew every time, and leaves what requests know as it is', async () => {
    const token = checking.token();
    await app.call('GET', '/fhir/Patient', { token });
    const before = issuer.requests.get('/.well-known/jwks.json') ?? 0;
    issuer.keys = [];

    const broken = await check(token);
    const request = await app.call('GET', '/fhir/Patient', { token });

    expect(problems(broken)).toContain('keys: no-usable-key');
    expect(issuer.requests.get('/.well-known/jwks.json')).toBe(before + 1);
    expect(request.status).toBe(403);
  });
});
