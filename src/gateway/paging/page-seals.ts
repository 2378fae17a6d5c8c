import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { BadRequest, FhirError } from '../../errors/fhir-error.js';

const ALGORITHM = 'aes-256-gcm';
const SALT_BYTES = 16;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = SALT_BYTES + IV_BYTES + TAG_BYTES;
const TOKEN = /^[A-Za-z0-9_-]{60,8192}$/;

/** Milliseconds for which a link to a page holds; upstreams keep their pages no longer. */
export const PAGE_LIFETIME_MS = 3_600_000;

/** For whom and what a page of the upstream was given out. */
export interface PageBinding {
  /** Who asked, see `callerKey()`. */
  readonly caller: string;
  /** What was asked: path and parameters, as policies saw them. */
  readonly request: string;
}

/** The page belongs to an answer for somebody else: 403. */
class PageOfAnother extends FhirError {
  readonly status = 403;

  constructor() {
    super([{ code: 'forbidden', diagnostics: 'This page was given out to another caller' }]);
  }
}

/** The page is too old: 410. */
class PageExpired extends FhirError {
  readonly status = 410;

  constructor() {
    super([{ code: 'not-found', diagnostics: 'This page is no longer kept; search again' }]);
  }
}

/**
 * Links to pages of the upstream as clients hold them: sealed with AES-256-GCM, so that nobody can read or
 * make one, and bound to the caller and the request to which the upstream gave the page.
 */
export class PageSeals {
  /**
   * @param key shared by all instances, 32 random bytes
   * @param now milliseconds since 1970
   */
  constructor(
    private readonly key: Uint8Array,
    private readonly now: () => number = Date.now,
  ) {}

  /** @param url of the upstream's page */
  seal(url: string, { caller, request }: PageBinding): string {
    const content = [url, digest(caller), digest(request), this.now() + PAGE_LIFETIME_MS];
    const salt = randomBytes(SALT_BYTES);
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.keyFor(salt), iv);
    const sealed = Buffer.concat([cipher.update(JSON.stringify(content), 'utf8'), cipher.final()]);
    return Buffer.concat([salt, iv, cipher.getAuthTag(), sealed]).toString('base64url');
  }

  /**
   * The URL of the upstream's page.
   *
   * @throws BadRequest 400 for what was not sealed here, or for another request; FhirError 403 for that of
   * another caller, 410 for one that is too old
   */
  open(token: string, { caller, request }: PageBinding): string {
    const [url, sealedFor, sealedRequest, until] = this.contentOf(token);
    if (sealedFor !== digest(caller)) throw new PageOfAnother();
    if (sealedRequest !== digest(request)) throw notOurs();
    if (until <= this.now()) throw new PageExpired();
    return url;
  }

  private contentOf(token: string): [url: string, caller: string, request: string, until: number] {
    if (!TOKEN.test(token)) throw notOurs();
    const bytes = Buffer.from(token, 'base64url');
    const iv = bytes.subarray(SALT_BYTES, SALT_BYTES + IV_BYTES);
    const decipher = createDecipheriv(ALGORITHM, this.keyFor(bytes.subarray(0, SALT_BYTES)), iv, {
      authTagLength: TAG_BYTES,
    });
    decipher.setAuthTag(bytes.subarray(SALT_BYTES + IV_BYTES, HEAD_BYTES));
    try {
      const opened = [decipher.update(bytes.subarray(HEAD_BYTES)), decipher.final()];
      // What the tag vouches for was written by seal().
      return JSON.parse(Buffer.concat(opened).toString()) as [string, string, string, number];
    } catch {
      throw notOurs();
    }
  }

  /** A key of its own for each: no number of pages brings two of them to one key and one IV. */
  private keyFor(salt: Uint8Array): Buffer {
    return Buffer.from(hkdfSync('sha256', this.key, salt, 'upstream page', 32));
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}

function notOurs(): BadRequest {
  return new BadRequest('_page is not one of this request’s own paging links', 'value', '_page');
}
