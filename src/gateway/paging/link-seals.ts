import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { BadRequest, FhirError } from '../../errors/fhir-error.js';
import { SALT_BYTES, SaltedKeys } from './salted-keys.js';

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = SALT_BYTES + IV_BYTES + TAG_BYTES;
const TOKEN = /^[A-Za-z0-9_-]{60,8192}$/;

/** What is given out under a seal, such as a page. */
export interface SealedKind {
  /** The parameter that carries the seal; each kind has its own, so that none serves as another. */
  readonly parameter: string;
  /** As its client knows it. */
  readonly noun: string;
  /** What a client does about one that is too old. */
  readonly remedy: string;
  /** Milliseconds for which a seal holds. */
  readonly lifetimeMs: number;
}

/** For whom and what something of the upstream was given out. */
export interface SealBinding {
  /** Who asked, see `callerKey()`. */
  readonly caller: string;
  /** What was asked: path and parameters, as policies saw them. */
  readonly request: string;
}

/** It belongs to an answer for somebody else: 403. */
class SealedForAnother extends FhirError {
  readonly status = 403;

  constructor({ noun }: SealedKind) {
    super([{ code: 'forbidden', diagnostics: `This ${noun} was given out to another caller` }]);
  }
}

/** It is too old: 410. */
class SealExpired extends FhirError {
  readonly status = 410;

  constructor({ noun, remedy }: SealedKind) {
    super([{ code: 'not-found', diagnostics: `This ${noun} is no longer kept; ${remedy}` }]);
  }
}

/**
 * What clients hold of the upstream's links: sealed with AES-256-GCM, so that nobody can read or make one,
 * and bound to the caller and the request to which the upstream gave it.
 */
export class LinkSeals {
  private readonly keys: SaltedKeys;

  /**
   * @param key shared by all instances, 32 random bytes
   * @param now milliseconds since 1970
   */
  constructor(
    private readonly key: Uint8Array,
    private readonly now: () => number = Date.now,
  ) {
    this.keys = new SaltedKeys((salt) => this.keyFor(salt));
  }

  /** Seals what {@link open} gives back, such as the URL of a page: any number of texts of one answer. */
  sealer(kind: SealedKind, binding: SealBinding): (text: string) => string {
    const { caller, request } = digests(kind, binding);
    return (text) => {
      const content = [text, caller, request, this.now() + kind.lifetimeMs];
      const { salt, key } = this.keys.next();
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv(ALGORITHM, key, iv);
      const parts = [cipher.update(JSON.stringify(content), 'utf8'), cipher.final()];
      return Buffer.concat([salt, iv, cipher.getAuthTag(), ...parts]).toString('base64url');
    };
  }

  /**
   * What was sealed.
   *
   * @throws BadRequest 400 for what was not sealed here, or for another request or as another kind; FhirError
   * 403 for that of another caller, 410 for one that is too old
   */
  open(kind: SealedKind, token: string, binding: SealBinding): string {
    const { caller, request } = digests(kind, binding);
    const content = this.contentOf(token);
    if (!content) throw notOurs(kind);
    const [text, sealedFor, sealedRequest, until] = content;
    if (sealedFor !== caller) throw new SealedForAnother(kind);
    if (sealedRequest !== request) throw notOurs(kind);
    if (until <= this.now()) throw new SealExpired(kind);
    return text;
  }

  private contentOf(
    token: string,
  ): [text: string, caller: string, request: string, until: number] | undefined {
    if (!TOKEN.test(token)) return undefined;
    const bytes = Buffer.from(token, 'base64url');
    const key = this.keyFor(bytes.subarray(0, SALT_BYTES));
    const iv = bytes.subarray(SALT_BYTES, SALT_BYTES + IV_BYTES);
    const decipher = createDecipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES });
    decipher.setAuthTag(bytes.subarray(SALT_BYTES + IV_BYTES, HEAD_BYTES));
    try {
      const opened = [decipher.update(bytes.subarray(HEAD_BYTES)), decipher.final()];
      // What the tag vouches for was written by seal().
      return JSON.parse(Buffer.concat(opened).toString()) as [string, string, string, number];
    } catch {
      return undefined;
    }
  }

  private keyFor(salt: Uint8Array): Buffer {
    return Buffer.from(hkdfSync('sha256', this.key, salt, 'upstream page', 32));
  }
}

function digests({ parameter }: SealedKind, { caller, request }: SealBinding): SealBinding {
  return { caller: digest(caller), request: digest(JSON.stringify([parameter, request])) };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}

function notOurs({ parameter, noun }: SealedKind): BadRequest {
  return new BadRequest(
    `${parameter} is not a ${noun} that this request was given`,
    'value',
    parameter,
  );
}
