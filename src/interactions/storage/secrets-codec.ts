import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { Secrets } from './resource-store.js';

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const SEALED = 'sealed';

/** The stored secrets cannot be read with the key that is configured. */
export class SecretsUnreadable extends Error {
  constructor(owner: string, options?: ErrorOptions) {
    super(
      `The secrets of ${owner} are encrypted with another BOX_SECURITY_ENCRYPT_SECRET than the one given`,
      options,
    );
  }
}

/**
 * How the secrets of a resource are kept at rest: as they are, or sealed with AES-256-GCM when a key is
 * configured. What was stored before the key was configured can still be read, and is sealed with its next write.
 */
export class SecretsCodec {
  private readonly key: Buffer | undefined;

  constructor(encryptSecret: string | undefined) {
    this.key =
      encryptSecret === undefined
        ? undefined
        : Buffer.from(hkdfSync('sha256', encryptSecret, 'wardgate', 'secrets at rest', 32));
  }

  /** @param owner `Type/id`; sealed secrets cannot be moved to another resource. */
  encode(owner: string, secrets: Secrets): unknown {
    if (!this.key || Object.keys(secrets).length === 0) return secrets;
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.key, iv).setAAD(Buffer.from(owner));
    const sealed = Buffer.concat([cipher.update(JSON.stringify(secrets), 'utf8'), cipher.final()]);
    return { [SEALED]: Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64') };
  }

  /** @throws SecretsUnreadable when the key is missing or another one. */
  decode(owner: string, stored: unknown): Secrets {
    const sealed = sealedText(stored);
    if (sealed === undefined) return stored as Secrets;
    if (!this.key) throw new SecretsUnreadable(owner);
    try {
      const bytes = Buffer.from(sealed, 'base64');
      const tagEnd = IV_BYTES + TAG_BYTES;
      const decipher = createDecipheriv(ALGORITHM, this.key, bytes.subarray(0, IV_BYTES))
        .setAAD(Buffer.from(owner))
        .setAuthTag(bytes.subarray(IV_BYTES, tagEnd));
      const text =
        decipher.update(bytes.subarray(tagEnd), undefined, 'utf8') + decipher.final('utf8');
      return JSON.parse(text) as Secrets;
    } catch (cause) {
      throw new SecretsUnreadable(owner, { cause });
    }
  }
}

function sealedText(stored: unknown): string | undefined {
  if (typeof stored !== 'object' || stored === null || !Object.hasOwn(stored, SEALED))
    return undefined;
  const value: unknown = Reflect.get(stored, SEALED);
  return typeof value === 'string' ? value : undefined;
}
