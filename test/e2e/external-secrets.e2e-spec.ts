import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import {
  CLIENT_SECRET,
  FIRST,
  SECOND,
  introspector,
  referenceTo,
  startWithSecretFiles,
  type SecretFiles,
} from '../support/secret-files.js';
import { basic, startTestApp } from '../support/test-app.js';
import { until } from '../support/until.js';

const ISSUER = 'https://auth.example.com';

let files: SecretFiles;

beforeAll(async () => {
  files = await startWithSecretFiles();
});
afterAll(async () => {
  await files.stop();
});
afterEach(async () => {
  await files.replace('hmac', `${FIRST}\n`);
});

describe('a TokenIntrospector whose secret lies in a file', () => {
  it('verifies tokens with it, and with its successor when the file is replaced', async () => {
    await files.app.put('/fhir/TokenIntrospector/rotated', introspector(ISSUER, 'hmac'));
    expect((await files.read(ISSUER, FIRST)).status).toBe(200);
    expect((await files.read(ISSUER, SECOND)).status).toBe(401);

    await files.replace('hmac', SECOND);

    await until(200, () => files.read(ISSUER, SECOND));
    expect((await files.read(ISSUER, FIRST)).status).toBe(401);
    await files.root('DELETE', '/fhir/TokenIntrospector/rotated');
  });

  it('is read again by POST /$drop-cache at the latest', async () => {
    await files.app.put('/fhir/TokenIntrospector/dropped', introspector(ISSUER, 'hmac'));
    await files.replace('hmac', SECOND);

    expect((await files.root('POST', '/$drop-cache')).status).toBe(200);

    expect((await files.read(ISSUER, SECOND)).status).toBe(200);
    expect((await files.read(ISSUER, FIRST)).status).toBe(401);
    await files.root('DELETE', '/fhir/TokenIntrospector/dropped');
  });

  it('answers 503 while the file is not there, and works when it is', async () => {
    const iss = 'https://late.example';
    const written = await files.app.put('/fhir/TokenIntrospector/late', introspector(iss, 'late'));
    expect(written.headers.get('warning')).toContain('cannot be read now');
    const missing = await files.read(iss, FIRST);
    expect(missing.status).toBe(503);
    expect(missing.headers.get('retry-after')).toBe('5');

    await writeFile(files.file('late'), FIRST);
    await until(200, () => files.read(iss, FIRST));
    await rm(files.file('late'));

    await until(503, () => files.read(iss, FIRST));
  });

  it.each([
    ['is empty', '\n'],
    ['is no text', Buffer.from([0xff, 0xfe, 0x80])],
    ['is too large', 'x'.repeat(65_537)],
    [
      'holds a public key',
      '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----',
    ],
  ])('verifies nothing while the file %s', async (name, content) => {
    const iss = `https://${name.replaceAll(' ', '-')}.example`;
    const id = name.replaceAll(' ', '-');
    await writeFile(files.file('late'), FIRST);
    await files.app.put(`/fhir/TokenIntrospector/${id}`, introspector(iss, 'late'));
    await until(200, () => files.read(iss, FIRST));

    await files.replace('late', content);

    await until(503, () => files.read(iss, FIRST));
    await rm(files.file('late'));
  });

  it('follows links that are swapped, as Kubernetes does with mounted secrets', async () => {
    const iss = 'https://linked.example';
    await mkdir(files.file('mount/..1'), { recursive: true });
    await mkdir(files.file('mount/..2'));
    await writeFile(files.file('mount/..1/linked'), FIRST);
    await writeFile(files.file('mount/..2/linked'), SECOND);
    await symlink('..1', files.file('mount/..data'));
    await symlink('..data/linked', files.file('mount/linked'));
    await files.app.put('/fhir/TokenIntrospector/linked', introspector(iss, 'linked'));
    await until(200, () => files.read(iss, FIRST));

    await symlink('..2', files.file('mount/..data_tmp'));
    await rename(files.file('mount/..data_tmp'), files.file('mount/..data'));

    await until(200, () => files.read(iss, SECOND));
    expect((await files.read(iss, FIRST)).status).toBe(401);
  });

  it('takes a key of a list from a file', async () => {
    const iss = 'https://keys.example';
    const key = { kty: 'OCT', alg: 'HS256', format: 'plain', _k: referenceTo('hmac') };
    await files.app.put('/fhir/TokenIntrospector/keys', { type: 'jwt', jwt: { iss, keys: [key] } });

    expect((await files.read(iss, FIRST)).status).toBe(200);
    expect((await files.read(iss, SECOND)).status).toBe(401);
  });
});

describe('other resources', () => {
  it('authenticate a Client by a secret in a file', async () => {
    await files.app.put('/fhir/AccessPolicy/client', {
      engine: 'allow',
      link: [{ reference: 'Client/external' }],
    });
    const written = await files.root('PUT', '/fhir/Client/external', {
      grant_types: ['basic'],
      _secret: referenceTo('client'),
    });
    const call = (secret: string) =>
      files.app.call('GET', '/fhir/Basic', {
        headers: { authorization: basic('external', secret) },
      });

    expect(written.json).toMatchObject({ _secret: referenceTo('client') });
    expect((await call(CLIENT_SECRET)).status).toBe(200);
    expect((await call('another')).status).toBe(401);
    await files.replace('client', 'the next secret of the client');
    // Asking until it works would count as guessing.
    await files.root('POST', '/$drop-cache');
    await until(200, () => call('the next secret of the client'));
    expect((await call(CLIENT_SECRET)).status).toBe(401);
    await rm(files.file('client'));
    await until(401, () => call('the next secret of the client'));
    expect((await call('')).status).toBe(401);
  });

  it('hold the credentials of an IdentityProvider by reference', async () => {
    const client = { id: 'wardgate', _secret: referenceTo('provider') };

    await files.app.put('/fhir/IdentityProvider/external', { system: 'external', client });

    expect((await files.root('GET', '/fhir/IdentityProvider/external')).json).toMatchObject({
      client,
    });
  });
});

describe('the values of external secrets', () => {
  it('are neither stored nor logged nor shown where secrets are', async () => {
    const open = await startTestApp(
      { BOX_VAULT_CONFIG: files.vaultConfig, BOX_SECURITY_MASK_SECRETS: 'false' },
      files.database,
      files.logger,
    );
    const shown = await open.call('GET', '/fhir/TokenIntrospector?_count=100', { asRoot: true });
    await open.stop();

    expect(shown.status).toBe(200);
    expect(shown.text).toContain('secret-reference');
    for (const value of [FIRST, CLIENT_SECRET]) {
      expect(shown.text).not.toContain(value);
      expect(files.logger.lines.filter((line) => line.includes(value))).toEqual([]);
    }
    expect(
      files.logger.lines.some((line) => line.includes('External secret hmac has changed')),
    ).toBe(true);
  });
});
