import { createHash } from 'node:crypto';
import { authenticate, clientEntry } from './client-registry.js';
import { isHashedSecret, storedSecret, verifySecret } from './client-secret.js';

const HASHED = `__sha256:${createHash('sha256').update('s3cret').digest('hex')}`;

const entry = (resource: object) =>
  clientEntry({
    id: 'c1',
    versionId: 1,
    resource: { resourceType: 'Client', id: 'c1', _secret: {}, ...resource },
    secrets: { '/secret': HASHED },
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

  it.each([
    ['unknown', undefined, 's3cret'],
    ['inactive', entry({ grant_types: ['basic'], active: false }), 's3cret'],
    ['without basic in grant_types', entry({ grant_types: ['client_credentials'] }), 's3cret'],
    ['without grant_types', entry({}), 's3cret'],
    ['without a secret', clientEntry({ ...noSecret() }), ''],
    ['given a wrong secret', entry({ grant_types: ['basic'] }), 'wrong'],
  ])('does not authenticate when %s', (_what, client, secret) => {
    expect(authenticate(client, secret)).toBeUndefined();
  });
});

function noSecret(): Parameters<typeof clientEntry>[0] {
  return { id: 'c1', versionId: 1, resource: { grant_types: ['basic'] }, secrets: {} };
}
