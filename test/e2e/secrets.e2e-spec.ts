import { startTestApp, type Reply, type TestApp } from '../support/test-app.js';

const MASKED = {
  extension: [
    {
      url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason',
      valueCode: 'masked',
    },
  ],
};

describe('secrets of system resources', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(async () => {
    await app.stop();
  });

  const root = (method: string, path: string, more: object = {}): Promise<Reply> =>
    app.call(method, path, { asRoot: true, ...more });

  const endpoint = {
    type: 'opaque',
    introspection_endpoint: {
      url: 'https://idp.example/introspect',
      authorization: 'Basic c2VjcmV0',
    },
  };

  it('never come back, in no version and no form', async () => {
    await root('PUT', '/fhir/TokenIntrospector/s1', { body: endpoint });
    const again = { ...endpoint, cache_ttl: 60 };
    const replies = [
      await root('PUT', '/fhir/TokenIntrospector/s1', { body: again }),
      await root('GET', '/fhir/TokenIntrospector/s1'),
      await root('GET', '/TokenIntrospector/s1?_format=yaml'),
      await root('GET', '/fhir/TokenIntrospector/s1/_history/1'),
      await root('GET', '/fhir/TokenIntrospector/s1/_history'),
      await root('GET', '/fhir/TokenIntrospector'),
    ];

    for (const { text } of replies) {
      expect(text).not.toContain('c2VjcmV0');
      expect(text).toContain('masked');
    }
    expect(replies[1]?.json).toMatchObject({
      introspection_endpoint: { _authorization: MASKED },
    });
  });

  it('survive a write of the masked form, but not to another URL', async () => {
    await root('PUT', '/fhir/TokenIntrospector/s2', { body: endpoint });
    const masked = (url: string) => ({
      type: 'opaque',
      introspection_endpoint: { url, _authorization: MASKED },
    });

    const same = await root('PUT', '/fhir/TokenIntrospector/s2', {
      body: masked('https://idp.example/introspect'),
    });
    const moved = await root('PUT', '/fhir/TokenIntrospector/s2', {
      body: masked('https://evil.example/'),
    });

    expect(same.status).toBe(200);
    expect(moved.status).toBe(422);
    expect(moved.text).toContain('send the secret again');
  });

  it('cannot be copied, moved or tested by a patch', async () => {
    await root('PUT', '/fhir/TokenIntrospector/s3', { body: endpoint });
    const patch = (operation: object) =>
      root('PATCH', '/fhir/TokenIntrospector/s3', {
        body: JSON.stringify([operation]),
        headers: { 'content-type': 'application/json-patch+json' },
      });
    const path = '/introspection_endpoint/authorization';

    expect((await patch({ op: 'copy', from: path, path: '/jwt' })).status).toBe(422);
    expect((await patch({ op: 'move', from: path, path: '/jwt' })).status).toBe(422);
    expect((await patch({ op: 'test', path, value: 'Basic c2VjcmV0' })).status).toBe(422);
    expect((await patch({ op: 'add', path: '/cache_ttl', value: 60 })).status).toBe(200);
  });

  it('of a User and a Client are stored hashed and hidden', async () => {
    await root('PUT', '/fhir/User/hidden', { body: { password: 'correct horse battery' } });
    await root('PUT', '/fhir/Client/hidden', {
      body: { secret: 'client-secret-value', grant_types: ['basic'] },
    });

    const user = await root('GET', '/fhir/User/hidden');
    const client = await root('GET', '/fhir/Client/hidden');

    expect(user.json).toMatchObject({ _password: MASKED });
    expect(client.json).toMatchObject({ _secret: MASKED });
  });
});

describe('system resources with BOX_SECURITY_MASK_SECRETS=false', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp({ BOX_SECURITY_MASK_SECRETS: 'false' });
  });
  afterAll(async () => {
    await app.stop();
  });

  it('answer current values as stored, but no password and no history', async () => {
    const hashed = `__sha256:${'a'.repeat(64)}`;
    const client = { secret: hashed, grant_types: ['basic'] };
    await app.put('/Client/c1', client);
    await app.put('/User/u1', { password: 'correct horse battery' });

    const read = await app.call('GET', '/Client/c1', { asRoot: true });
    expect(read.json).toMatchObject(client);
    const old = await app.call('GET', '/Client/c1/_history/1', { asRoot: true });
    expect(old.text).not.toContain(hashed);
    const user = await app.call('GET', '/User/u1', { asRoot: true });
    expect(user.json).toMatchObject({ _password: MASKED });
  });
});
