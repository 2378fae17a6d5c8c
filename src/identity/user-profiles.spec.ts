import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ActiveIntrospection } from '../introspection/introspection.js';
import { OutboundHttp } from '../introspection/outbound/outbound-http.js';
import { parseIdentityProvider } from '../resources/identity-provider/identity-provider.js';
import { UserProfiles } from './user-profiles.js';

const INTROSPECTION: ActiveIntrospection = {
  active: true,
  type: 'jwt',
  claims: { iss: 'i', sub: 's', exp: 1, email: 'of@token' },
  introspector: {
    id: 'i',
    revision: 'i/1',
    identityProviderId: 'kc',
    userResolution: ['identifier'],
    trustedUserIds: [],
  },
};
const OF_TOKEN = { sub: 's', email: 'of@token' };

describe('UserProfiles', () => {
  const outbound = new OutboundHttp({
    allowedHosts: [],
    devMode: false,
    timeoutMs: 2000,
    proofLifetimeMs: 60_000,
    rememberedTokens: 0,
    cacheSecret: undefined,
  });
  const profiles = new UserProfiles(outbound);
  let server: Server;
  let asked: IncomingMessage[];
  let answer: { status: number; body: string };

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request);
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  beforeEach(() => {
    asked = [];
    answer = { status: 200, body: JSON.stringify({ sub: 's', name: 'Ada' }) };
  });
  afterAll(async () => {
    await outbound.onModuleDestroy();
    await new Promise((resolve) => server.close(resolve));
  });

  const profile = (provider: Record<string, string> = {}) => {
    const { port } = server.address() as AddressInfo;
    const resource = { id: 'kc', userinfo_endpoint: `http://127.0.0.1:${port}/userinfo` };
    const parsed = parseIdentityProvider({ ...resource, ...provider });
    return profiles.profileOf(INTROSPECTION, parsed, 'the-token');
  };

  it("asks the userinfo endpoint with the caller's own token", async () => {
    await expect(profile()).resolves.toEqual({ sub: 's', name: 'Ada' });
    expect(asked.map(({ headers }) => headers.authorization)).toEqual(['Bearer the-token']);
  });

  it('honours userinfo_header', async () => {
    await profile({ userinfo_header: 'OAuth' });

    expect(asked.map(({ headers }) => headers.authorization)).toEqual(['OAuth the-token']);
  });

  it('takes the claims without asking when the provider says so', async () => {
    await expect(profile({ 'userinfo-source': 'id-token' })).resolves.toEqual(OF_TOKEN);
    expect(asked).toEqual([]);
  });

  it.each([
    ['fails', { status: 500, body: '{}' }],
    ['refuses the token', { status: 401, body: '{}' }],
    ['answers no JSON', { status: 200, body: 'eyJ...' }],
    ['speaks of another subject', { status: 200, body: '{"sub":"other","name":"Eve"}' }],
    ['speaks of no subject', { status: 200, body: '{"name":"Eve"}' }],
  ])('takes the claims when the endpoint %s', async (_what, given) => {
    answer = given;

    await expect(profile()).resolves.toEqual(OF_TOKEN);
    expect(asked).toHaveLength(1);
  });

  it('takes the claims when the endpoint may not be called', async () => {
    await expect(profile({ userinfo_endpoint: 'http://10.0.0.1/userinfo' })).resolves.toEqual(
      OF_TOKEN,
    );
  });
});
