import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { FhirError } from '../../errors/fhir-error.js';
import type { Secrets } from './resource-store.js';

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const SEALED = 'sealed';
const KEY_ID = 'key';

/** Stored secrets cannot be read with the keys that are configured: 503, until they can be. */
export class SecretsUnreadable extends FhirError {
  readonly status = 503;
  override readonly headers = { 'retry-after': '5' };

  /** @param diagnostics says whose secrets and which settings, for operators; never a secret */
  constructor(diagnostics: string) {
    super([{ code: 'transient', diagnostics }]);
  }
}

/** Whose secrets they are. Sealed ones are of no use for another resource, or another version of it. */
export interface SecretsOwner {
  readonly type: string;
  readonly id: string;
  readonly versionId: number;
}

interface SealingKey {
  readonly id: string;
  readonly key: Buffer;
}

interface Envelope {
  readonly sealed: string;
  /** Absent in envelopes from before there were several keys; those are bound to type and id only. */
  readonly keyId: string | undefined;
}

/**
 * How the secrets of a resource are kept at rest: as they are, or sealed with AES-256-GCM under the current key.
 * What former keys sealed, and what was stored before there was a key, can be read and is to be written again.
 */
export class SecretsCodec {
  private readonly current: SealingKey | undefined;
  private readonly keys: readonly SealingKey[];

  /** @param previous keys that are read with and never written with */
  constructor(encryptSecret: string | undefined, previous: readonly string[] = []) {
    this.current = encryptSecret === undefined ? undefined : sealingKey(encryptSecret);
    this.keys = [...(this.current ? [this.current] : []), ...previous.map(sealingKey)];
  }

  /** Id of the key that everything is to be sealed with; undefined when secrets are kept in clear. */
  get currentKeyId(): string | undefined {
    return this.current?.id;
  }

  /** Ids of all keys that can be read with. */
  get keyIds(): readonly string[] {
    return this.keys.map(({ id }) => id);
  }

  encode(owner: SecretsOwner, secrets: Secrets): unknown {
    if (!this.current || Object.keys(secrets).length === 0) return secrets;
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.current.key, iv);
    cipher.setAAD(boundTo(owner));
    const sealed = Buffer.concat([cipher.update(JSON.stringify(secrets), 'utf8'), cipher.final()]);
    return {
      [SEALED]: Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64'),
      [KEY_ID]: this.current.id,
    };
  }

  /** @throws SecretsUnreadable when no key fits, or the secrets were altered or are another's. */
  decode(owner: SecretsOwner, stored: unknown): Secrets {
    const envelope = envelopeOf(stored);
    if (envelope === undefined) return stored as Secrets;
    const { keyId, sealed } = envelope;
    const aad = keyId === undefined ? Buffer.from(`${owner.type}/${owner.id}`) : boundTo(owner);
    for (const { id, key } of this.keys) {
      if (keyId !== undefined && keyId !== id) continue;
      const secrets = unseal(key, Buffer.from(sealed, 'base64'), aad);
      if (secrets !== undefined) return secrets;
    }
    const isKnown = keyId !== undefined && this.keyIds.includes(keyId);
    const why = isKnown
      ? 'were altered, or belong to another resource'
      : 'are encrypted with a key that is neither BOX_SECURITY_ENCRYPT_SECRET nor BOX_SECURITY_ENCRYPT_SECRET_PREVIOUS';
    throw new SecretsUnreadable(`The secrets of ${owner.type}/${owner.id} ${why}`);
  }
}

function sealingKey(secret: string): SealingKey {
  const derive = (purpose: string, bytes: number): Buffer =>
    Buffer.from(hkdfSync('sha256', secret, 'wardgate', purpose, bytes));
  return {
    id: derive('id of the key for secrets at rest', 9).toString('base64url'),
    key: derive('secrets at rest', 32),
  };
}

function boundTo({ type, id, versionId }: SecretsOwner): Buffer {
  return Buffer.from(JSON.stringify([type, id, versionId]));
}

function unseal(key: Buffer, bytes: Buffer, aad: Buffer): Secrets | undefined {
  const tagEnd = IV_BYTES + TAG_BYTES;
  if (bytes.length < tagEnd) return undefined;
  try {
    const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, IV_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(aad).setAuthTag(bytes.subarray(IV_BYTES, tagEnd));
    const text = decipher.update(bytes.subarray(tagEnd), undefined, 'utf8');
    return JSON.parse(text + decipher.final('utf8')) as Secrets;
  } catch {
    return undefined;
  }
}

function envelopeOf(stored: unknown): Envelope | undefined {
  const sealed = textAt(stored, SEALED);
  return sealed === undefined ? undefined : { sealed, keyId: textAt(stored, KEY_ID) };
}

function textAt(stored: unknown, name: string): string | undefined {
  if (typeof stored !== 'object' || stored === null || !Object.hasOwn(stored, name)) {
    return undefined;
  }
  const value: unknown = Reflect.get(stored, name);
  return typeof value === 'string' ? value : undefined;
}
