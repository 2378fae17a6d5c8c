import { randomBytes } from 'node:crypto';

/** Bytes of a salt: random ones are never the same twice. */
export const SALT_BYTES = 16;
/** Seals under one salt; random IVs do for 2^32 (NIST SP 800-38D, section 8.3). */
const SEALS_PER_SALT = 65_536;

/** A key and the salt from which it was derived. */
export interface SaltedKey {
  readonly salt: Uint8Array;
  readonly key: Uint8Array;
}

/** Keys to seal with; to derive one takes longer than to seal. */
export class SaltedKeys {
  private current: SaltedKey | undefined;
  private left = 0;

  /** @param derive the key of a salt */
  constructor(private readonly derive: (salt: Uint8Array) => Uint8Array) {}

  /** What the next seal is made with, under a new IV. */
  next(): SaltedKey {
    if (!this.current || this.left === 0) {
      const salt = randomBytes(SALT_BYTES);
      this.current = { salt, key: this.derive(salt) };
      this.left = SEALS_PER_SALT;
    }
    this.left -= 1;
    return this.current;
  }
}
