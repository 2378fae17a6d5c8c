import { createHash, timingSafeEqual } from 'node:crypto';

const HASHED = /^__sha256:([0-9a-fA-F]{64})$/;

/** Compared with where there is no secret; no text has this digest, as far as anyone knows. */
const NO_DIGEST = Buffer.alloc(32);

/** Whether a text claims to be a hashed secret, well-formed or not. */
export function claimsToBeHashed(text: string): boolean {
  return text.startsWith('__sha256:');
}

/** Whether a text is a hashed secret. */
export function isHashedSecret(text: string): boolean {
  return HASHED.test(text);
}

/** The form in which a secret is stored, `__sha256:<hex>`; one that is hashed already stays as it is. */
export function storedSecret(secret: string): string {
  return isHashedSecret(secret) ? secret : `__sha256:${digest(secret).toString('hex')}`;
}

/** Whether a secret is the one that was stored; the same work when nothing is stored. */
export function verifySecret(secret: string, stored: string | undefined): boolean {
  const [, hex] = HASHED.exec(stored ?? '') ?? [];
  const isEqual = timingSafeEqual(digest(secret), hex ? Buffer.from(hex, 'hex') : NO_DIGEST);
  return isEqual && hex !== undefined;
}

function digest(secret: string): Buffer {
  return createHash('sha256').update(secret, 'utf8').digest();
}
