import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  AUD,
  messageOf,
  problems,
  startChecking,
  stepsOf,
  type Checking,
} from '../support/checking.js';
import type { JwksServer } from '../support/jwks-server.js';
import { startOpenIdProvider, type OpenIdProvider } from '../support/openid-provider.js';
import { basic, freePort, type TestApp } from '../support/test-app.js';

describe('the check of an introspector and its issuer', () => {
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
  const write = (changes: object, jwt?: object) => checking.write(changes, jwt);

  describe('says what is wrong with the issuer', () => {
    it.each([
      ['down', 'unexpected-status'],
      ['slow', 'timed-out'],
      ['garbage', 'answer-unusable'],
      ['not-a-set', 'no-key-set'],
      ['huge', 'answer-unusable'],
      ['redirect', 'redirected'],
    ] as const)('when it is %s', async (mode, code) => {
      issuer.mode = mode;

      const reply = await check();

      expect(reply.json?.['ok']).toBe(false);
      expect(problems(reply)).toEqual([`keys: ${code}`]);
    });

    it('however often it is asked', async () => {
      issuer.mode = 'down';
      for (let round = 0; round < 7; round += 1) {
        expect(problems(await check())).toEqual(['keys: unexpected-status']);
      }
    });

    it.each([
      ['nobody listens', async () => `http://127.0.0.1:${await freePort()}/`, 'connection-refused'],
      ['the host is not allowed', async () => 'http://192.0.2.1/', 'url-refused'],
      [
        'https is spoken to http',
        async () => issuer.jwksUri.replace('http:', 'https:'),
        'tls-failed',
      ],
    ])('when %s', async (_what, url, code) => {
      await write({ jwks_uri: await url() });

      const reply = await check();

      expect(problems(reply)).toEqual([`keys: ${code}`]);
      if (code === 'url-refused')
        expect(messageOf(reply, 'keys')).toContain('BOX_SECURITY_IDP_ALLOWED_HOSTS');
    });

    it('when discovery names another issuer, and by what the two differ', async () => {
      const discovered = { type: 'jwt', jwt: { iss: issuer.issuer } };
      await app.put('/TokenIntrospector/discovery', discovered);
      expect(problems(await check(undefined, 'discovery'))).toEqual([]);
      await app.put('/TokenIntrospector/discovery', {
        ...discovered,
        jwt: { iss: `${issuer.issuer}/` },
      });

      const reply = await check(undefined, 'discovery');

      await app.call('DELETE', '/TokenIntrospector/discovery', { asRoot: true });
      expect(problems(reply)).toEqual(['discovery: discovery-other-issuer']);
      expect(messageOf(reply, 'discovery')).toContain('the slash at the end');
    });
  });

  describe('says what is wrong with the introspector', () => {
    it('when it is inactive', async () => {
      await write({ active: false });

      expect(problems(await check(checking.token()))).toEqual([
        'introspector: inactive',
        'routing: inactive-issuer',
      ]);
    });

    it('when its algorithms leave the one of the token out', async () => {
      await write({}, { algorithms: ['ES256'] });

      expect(problems(await check(checking.token()))).toEqual(['signature: wrong-algorithm']);
    });

    it('when a claim that it demands is missing', async () => {
      await write({}, { required_claims: ['scope'] });

      expect(problems(await check(checking.token()))).toEqual(['required-claims: missing-claim']);
      expect(problems(await check(checking.token({ scope: 'x' })))).toEqual([]);
    });

    it('when another one has its issuer, and when no token comes to it', async () => {
      await app.put('/TokenIntrospector/fallback', {
        type: 'jwt',
        jwt: { secret: 's', issuers: ['https://b'] },
      });
      const elsewhere = await check(checking.token(), 'fallback');
      await app.call('DELETE', '/TokenIntrospector/fallback', { asRoot: true });
      await app.put('/TokenIntrospector/a-twin', {
        type: 'jwt',
        jwt: { iss: issuer.issuer, secret: 's' },
      });
      const shared = await check(checking.token());
      await app.call('DELETE', '/TokenIntrospector/a-twin', { asRoot: true });

      expect(problems(elsewhere)).toContain('routing: routed-elsewhere');
      expect(shared.json?.['ok']).toBe(true);
      expect(stepsOf(shared)).toContainEqual(
        expect.objectContaining({ code: 'issuer-shared', status: 'warning' }),
      );
    });

    it('when its IdentityProvider is missing or inactive', async () => {
      const providerOf = async (reference: string) => {
        await write({ identity_provider: { reference } });
        return stepsOf(await check()).find(({ step }) => step === 'provider')?.code;
      };
      await app.put('/IdentityProvider/asleep', { system: 'urn:asleep', active: false });

      await expect(providerOf('IdentityProvider/nobody')).resolves.toBe('provider-missing');
      await expect(providerOf('IdentityProvider/asleep')).resolves.toBe('provider-inactive');
      await expect(providerOf('IdentityProvider/idp')).resolves.toBe('provider-found');
    });
  });

  describe('with an OpenID provider', () => {
    let provider: OpenIdProvider;

    beforeAll(async () => {
      provider = await startOpenIdProvider({ audience: AUD });
      await app.put('/TokenIntrospector/oidc', {
        type: 'jwt',
        jwt: { iss: provider.issuer, aud: AUD },
      });
    });
    afterAll(async () => {
      await provider.stop();
    });

    it('accepts its JWT, found by discovery', async () => {
      const reply = await check(await provider.clientCredentialsToken('jwt'), 'oidc');

      expect(problems(reply)).toEqual([]);
      expect(reply.json?.['ok']).toBe(true);
    });

    it('says that an opaque token is one', async () => {
      const reply = await check(await provider.clientCredentialsToken('opaque'), 'oidc');

      expect(problems(reply)).toEqual(['token: malformed']);
    });

    it('judges an opaque token as a request would', async () => {
      await app.put('/TokenIntrospector/opaque', {
        type: 'opaque',
        introspection_endpoint: {
          url: provider.introspectionEndpoint,
          authorization: provider.introspectionAuthorization,
        },
      });
      const good = await check(await provider.clientCredentialsToken('opaque'), 'opaque');
      const bad = await check('no-such-token', 'opaque');
      const jwt = await check(await provider.clientCredentialsToken('jwt'), 'opaque');
      await app.call('DELETE', '/TokenIntrospector/opaque', { asRoot: true });

      expect(problems(good)).toEqual([]);
      expect(stepsOf(good)).toContainEqual(expect.objectContaining({ code: 'token-active' }));
      expect(good.json?.['ok']).toBe(true);
      expect(problems(bad)).toEqual(['token: inactive']);
      expect(bad.text).not.toContain('no-such-token');
      expect(problems(jwt)).toContain('routing: routed-elsewhere');
    });

    it('tries the credentials of an introspection endpoint', async () => {
      const opaque = (authorization: string) =>
        app.put('/TokenIntrospector/opaque', {
          type: 'opaque',
          introspection_endpoint: { url: provider.introspectionEndpoint, authorization },
        });
      await opaque(provider.introspectionAuthorization);
      const right = await check(undefined, 'opaque');
      await opaque(basic('app', 'wrong'));
      const wrong = await check(undefined, 'opaque');
      await app.call('DELETE', '/TokenIntrospector/opaque', { asRoot: true });

      expect(problems(right)).toEqual([]);
      expect(problems(wrong)).toEqual(['endpoint: credentials-refused']);
      expect(wrong.text).not.toContain(basic('app', 'wrong'));
    });
  });

  it('says by how much the clock of the issuer is off', async () => {
    const behind = await startAnswering((_request, response) => {
      response.writeHead(200, { date: new Date(Date.now() - 600_000).toUTCString() });
      response.end(JSON.stringify({ keys: [checking.key.jwk] }));
    });
    await write({ jwks_uri: behind.url });

    const reply = await check();

    behind.server.close();
    behind.server.closeAllConnections();
    expect(stepsOf(reply).find(({ step }) => step === 'clock')).toMatchObject({
      code: 'clock-differs',
      message: expect.stringMatching(/(?:599|60\d) s behind/),
    });
  });
});

async function startAnswering(listener: RequestListener): Promise<{ server: Server; url: string }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys` };
}
