import { createHash } from 'node:crypto';
import { authenticate, clientEntry } from './client-registry.js';
import { isHashedSecret, storedSecret, verifySecret } from './client-secret.js';

const HASHED = `__sha256:${createHash('sha256').update('s3cret').digest('hex')}`;

const FILES: Readonly<Record<string, string>> = { plain: 's3cret', hashed: HASHED };
const external = { value: (name: string) => FILES[name] };

const entry = (resource: object) =>
  clientEntry(
    {
      id: 'c1',
      versionId: 1,
      resource: { resourceType: 'Client', id: 'c1', _secret: {}, ...resource },
      secrets: { '/secret': HASHED },
    },
    external,
  );
const externalEntry = (valueString: string) =>
  entry({
    grant_types: ['basic'],
    _secret: {
      extension: [{ url: 'http://health-samurai.io/fhir/secret-reference', valueString }],
    },
  });

describe('client secrets', () => {
  it('are stored as their SHA-256', () => {
    expect(storedSecret('s3cret')).toBe(HASHED);
  });

  it('are kept when they are hashed already', () => {
    expect(storedSecret(HASHED)).toBe(HASHED);
    expect(isHashedSecret('__sha256:abc')).toBe(false);
  });

  it('are verified against the stored form, and the stored form is no secret', () => {
    expect(verifySecret('s3cret', HASHED)).toBe(true);
    expect(verifySecret('s3cret', HASHED.toUpperCase().replace('__SHA256', '__sha256'))).toBe(true);
    expect(verifySecret('S3cret', HASHED)).toBe(false);
    expect(verifySecret(HASHED, HASHED)).toBe(false);
    expect(verifySecret('', undefined)).toBe(false);
  });
});

describe('a Client', () => {
  it('authenticates by Basic with its secret', () => {
    const client = authenticate(entry({ grant_types: ['basic'] }), 's3cret');

    expect(client).toMatchObject({ id: 'c1', client: { id: 'c1', grant_types: ['basic'] } });
    expect(JSON.stringify(client)).not.toMatch(/secret/i);
  });

  it.each(['plain', 'hashed'])('authenticates by the secret in a file, %s', (name) => {
    expect(authenticate(externalEntry(name), 's3cret')).toMatchObject({ id: 'c1' });
    expect(authenticate(externalEntry(name), HASHED)).toBeUndefined();
  });

  it.each([
    ['unknown', undefined, 's3cret'],
    ['inactive', entry({ grant_types: ['basic'], active: false }), 's3cret'],
    ['without basic in grant_types', entry({ grant_types: ['client_credentials'] }), 's3cret'],
    ['without grant_types', entry({}), 's3cret'],
    ['without a secret', clientEntry(noSecret(), external), ''],
    ['without the file of its secret', externalEntry('missing'), 's3cret'],
    ['without the file of its secret, which was not empty', externalEntry('missing'), ''],
    ['given a wrong secret', entry({ grant_types: ['basic'] }), 'wrong'],
  ])('does not authenticate when %s', (_what, client, secret) => {
    expect(authenticate(client, secret)).toBeUndefined();
  });
});

function noSecret(): Parameters<typeof clientEntry>[0] {
  return { id: 'c1', versionId: 1, resource: { grant_types: ['basic'] }, secrets: {} };
}
