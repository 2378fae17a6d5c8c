import {
  FIRST,
  SECOND,
  introspector,
  referenceTo,
  startWithSecretFiles,
  type SecretFiles,
} from '../support/secret-files.js';

const ISSUER = 'https://auth.example.com';

let files: SecretFiles;

beforeAll(async () => {
  files = await startWithSecretFiles();
});
afterAll(async () => {
  await files.stop();
});

describe('a reference to an external secret', () => {
  const write = (id: string, name: string) =>
    files.root('PUT', `/fhir/TokenIntrospector/${id}`, introspector(`https://${id}.example`, name));
  const opaque = (id: string, name: string, url: string) =>
    files.root('PUT', `/fhir/TokenIntrospector/${id}`, {
      type: 'opaque',
      introspection_endpoint: { url, _authorization: referenceTo(name) },
    });

  it('is refused outside the scope of the secret', async () => {
    const other = await write('another-one', 'narrow');

    expect((await write('only-this-one', 'narrow')).status).toBe(201);
    expect(other.status).toBe(422);
    expect(other.json).toMatchObject({
      issue: [
        {
          code: 'value',
          expression: ['TokenIntrospector.jwt.secret'],
          diagnostics: expect.stringContaining('TokenIntrospector/another-one'),
        },
      ],
    });
    expect((await write('wrong-type', 'client')).status).toBe(422);
    expect((await write('unknown', 'no-such-secret')).text).toContain('BOX_VAULT_CONFIG');
  });

  it('is refused where the secret would be sent to another URL', async () => {
    const allowed = await opaque('sent', 'endpoint', 'https://idp.example/introspect');
    const moved = await opaque('sent', 'endpoint', 'https://evil.example/introspect');
    const patched = await files.app.call('PATCH', '/fhir/TokenIntrospector/sent', {
      asRoot: true,
      headers: { 'content-type': 'application/merge-patch+json' },
      body: '{"introspection_endpoint":{"url":"https://evil.example"}}',
    });

    expect(allowed.status).toBe(201);
    expect(allowed.headers.get('warning') ?? '').not.toContain('names no url');
    expect(moved.status).toBe(422);
    expect(patched.status).toBe(422);
    const unbound = await opaque('anywhere', 'hmac', 'https://idp.example/introspect');
    expect(unbound.headers.get('warning')).toContain('names no url');
    expect((await write('kept-here', 'endpoint')).status).toBe(422);
  });

  it('is refused beside a value, and in place of a password', async () => {
    const both = { iss: ISSUER, secret: FIRST, _secret: referenceTo('hmac') };

    const introspectorReply = await files.root('PUT', '/fhir/TokenIntrospector/both', {
      type: 'jwt',
      jwt: both,
    });
    const user = await files.root('PUT', '/fhir/User/external', { _password: referenceTo('hmac') });

    expect(introspectorReply.status).toBe(422);
    expect(introspectorReply.text).not.toContain(FIRST);
    expect(user.status).toBe(422);
  });

  it('is answered as it was written, in every version and form, and never the value', async () => {
    const path = '/fhir/TokenIntrospector/shown';
    const sent = introspector('https://shown.example', 'hmac');
    const first = await files.root('PUT', path, sent);
    const again = await files.root('PUT', path, { ...first.json, cache_ttl: 60 });
    const patched = await files.app.call('PATCH', path, {
      asRoot: true,
      headers: { 'content-type': 'application/json-patch+json' },
      body: '[{"op":"add","path":"/cache_ttl","value":90}]',
    });
    const bundle = await files.root('POST', '/fhir', {
      resourceType: 'Bundle',
      type: 'batch',
      entry: [{ request: { method: 'GET', url: 'TokenIntrospector/shown' } }],
    });
    const replies = [
      first,
      again,
      patched,
      bundle,
      await files.root('GET', path),
      await files.root('GET', '/TokenIntrospector/shown'),
      await files.root('GET', `${path}/_history`),
      await files.root('GET', `${path}/_history/1`),
      await files.root('GET', '/fhir/TokenIntrospector?_id=shown'),
    ];

    for (const { status, text } of replies) {
      expect(status).toBeLessThan(300);
      expect(text).toMatch(/"valueString": ?"hmac"/);
      expect(text).not.toContain(FIRST);
    }
    expect(replies[4]?.json).toMatchObject({ ...sent, cache_ttl: 90 });
    expect((await files.read('https://shown.example', FIRST)).status).toBe(200);
  });

  it('can take the place of a value, and a value its place', async () => {
    const iss = 'https://changed.example';
    const put = (jwt: object) =>
      files.root('PUT', '/fhir/TokenIntrospector/changed', { type: 'jwt', jwt: { iss, ...jwt } });

    expect((await put({ secret: SECOND })).status).toBe(201);
    expect((await files.read(iss, SECOND)).status).toBe(200);
    expect((await put({ _secret: referenceTo('hmac') })).status).toBe(200);
    expect((await files.read(iss, SECOND)).status).toBe(401);
    expect((await files.read(iss, FIRST)).status).toBe(200);
    // The value that was there before must not come back by the masked form.
    const masked = { extension: referenceTo('').extension.slice(0, 1) };
    expect((await put({ _secret: masked })).status).toBe(422);
    expect((await put({ secret: SECOND })).status).toBe(200);
    expect((await files.read(iss, FIRST)).status).toBe(401);
    expect((await files.read(iss, SECOND)).status).toBe(200);
  });
});
