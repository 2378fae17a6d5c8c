import { createCipheriv, hkdfSync } from 'node:crypto';
import { SecretsCodec, SecretsUnreadable } from './secrets-codec.js';

const OWNER = { type: 'TokenIntrospector', id: 'keycloak', versionId: 3 };
const SECRETS = { '/jwt/secret': 'very-secret' };
const FIRST = 'a secret of at least thirty-two characters';
const SECOND = 'another secret of at least 32 characters';
const codec = new SecretsCodec(FIRST);

describe('SecretsCodec', () => {
  it('reads back what it sealed, and stores nothing readable', () => {
    const stored = codec.encode(OWNER, SECRETS);

    expect(JSON.stringify(stored)).not.toContain('very-secret');
    expect(codec.decode(OWNER, stored)).toEqual(SECRETS);
  });

  it('reads what was stored before encryption was configured', () => {
    const clear = new SecretsCodec(undefined).encode(OWNER, SECRETS);

    expect(clear).toEqual(SECRETS);
    expect(codec.decode(OWNER, clear)).toEqual(SECRETS);
  });

  it.each([
    ['another secret', new SecretsCodec(SECOND)],
    ['no secret', new SecretsCodec(undefined)],
  ])('fails clearly with %s', (_name, other) => {
    expect(() => other.decode(OWNER, codec.encode(OWNER, SECRETS))).toThrow(SecretsUnreadable);
    expect(() => other.decode(OWNER, codec.encode(OWNER, SECRETS))).toThrow(
      /TokenIntrospector\/keycloak.*BOX_SECURITY_ENCRYPT_SECRET_PREVIOUS/,
    );
  });

  it('reads what a former key sealed, and seals with the current one', () => {
    const rotated = new SecretsCodec(SECOND, [FIRST]);

    expect(rotated.decode(OWNER, codec.encode(OWNER, SECRETS))).toEqual(SECRETS);
    expect(new SecretsCodec(SECOND).decode(OWNER, rotated.encode(OWNER, SECRETS))).toEqual(SECRETS);
    expect(() => codec.decode(OWNER, rotated.encode(OWNER, SECRETS))).toThrow(SecretsUnreadable);
  });

  it('names its key in what it sealed, which tells nothing of the secret', () => {
    const stored = codec.encode(OWNER, SECRETS);

    expect(stored).toEqual({ sealed: expect.any(String), key: codec.currentKeyId });
    expect(new SecretsCodec(FIRST).currentKeyId).toBe(codec.currentKeyId);
    expect(new SecretsCodec(SECOND, [FIRST]).keyIds).toEqual([
      new SecretsCodec(SECOND).currentKeyId,
      codec.currentKeyId,
    ]);
  });

  it.each([
    ['another resource', { ...OWNER, id: 'other' }],
    ['another type', { ...OWNER, type: 'Client' }],
    ['another version', { ...OWNER, versionId: 4 }],
  ])('refuses sealed secrets that were moved to %s', (_name, owner) => {
    expect(() => codec.decode(owner, codec.encode(OWNER, SECRETS))).toThrow(/were altered/);
  });

  it('refuses sealed secrets that were altered, cut off or given another key id', () => {
    const { sealed, key } = codec.encode(OWNER, SECRETS) as { sealed: string; key: string };
    const bytes = Buffer.from(sealed, 'base64');
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;

    for (const stored of [
      { sealed: bytes.toString('base64'), key },
      { sealed: bytes.subarray(0, 20).toString('base64'), key },
      { sealed: '', key },
      { sealed, key: 'unknown' },
      { sealed },
    ]) {
      expect(() => codec.decode(OWNER, stored)).toThrow(SecretsUnreadable);
    }
  });

  it('reads what was sealed before envelopes named their key, for its resource only', () => {
    const stored = { sealed: sealedBefore('TokenIntrospector/keycloak') };

    expect(codec.decode(OWNER, stored)).toEqual(SECRETS);
    expect(new SecretsCodec(SECOND, [FIRST]).decode(OWNER, stored)).toEqual(SECRETS);
    expect(() => codec.decode({ ...OWNER, id: 'other' }, stored)).toThrow(SecretsUnreadable);
  });

  it('never seals the same secrets to the same bytes', () => {
    expect(codec.encode(OWNER, SECRETS)).not.toEqual(codec.encode(OWNER, SECRETS));
  });
});

function sealedBefore(owner: string): string {
  const key = Buffer.from(hkdfSync('sha256', FIRST, 'wardgate', 'secrets at rest', 32));
  const iv = Buffer.alloc(12, 7);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(owner));
  const sealed = Buffer.concat([cipher.update(JSON.stringify(SECRETS)), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64');
}
