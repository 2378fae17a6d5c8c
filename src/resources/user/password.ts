import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';

/** log2 N, r, p of new hashes: 32 MiB and some 100 ms each. */
const LOG_N = 15;
const BLOCK_SIZE = 8;
const PARALLELIZATION = 3;
const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** A stored hash that asks for more than this would let its author exhaust the server at each login. */
const MAX_MEMORY_BYTES = 134_217_728;
const MAX_PARALLELIZATION = 16;

const HASH = /^\$s0\$([0-9a-f]{1,8})\$([A-Za-z0-9+/]+={0,2})\$([A-Za-z0-9+/]+={0,2})$/;

interface PasswordHash {
  readonly options: ScryptOptions;
  readonly salt: Buffer;
  readonly hash: Buffer;
}

/** Whether a text claims to be a hash already, well-formed or not. */
export function claimsToBeHash(text: string): boolean {
  return text.startsWith('$s0$');
}

/** Whether a text is `$s0$<params>$<salt>$<hash>` with parameters that a login can afford. */
export function isPasswordHash(text: string): boolean {
  return parsePasswordHash(text) !== undefined;
}

/** Hashes a password with scrypt and a random salt: `$s0$<params>$<salt>$<hash>`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const options = scryptOptions(LOG_N, BLOCK_SIZE, PARALLELIZATION);
  const hash = await derive(password, salt, HASH_BYTES, options);
  const params = LOG_N * 0x10000 + BLOCK_SIZE * 0x100 + PARALLELIZATION;
  return `$s0$${params.toString(16)}$${salt.toString('base64')}$${hash.toString('base64')}`;
}

/** Whether a password is the one that was hashed; takes as long for a wrong one. */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const parsed = parsePasswordHash(stored);
  if (parsed === undefined) return false;
  const hash = await derive(password, parsed.salt, parsed.hash.length, parsed.options);
  return timingSafeEqual(hash, parsed.hash);
}

function parsePasswordHash(text: string): PasswordHash | undefined {
  const [, params = '', salt = '', hash = ''] = (text.length > 512 ? null : HASH.exec(text)) ?? [];
  const numbers = Number.parseInt(params, 16);
  const [logN, r, p] = [Math.floor(numbers / 0x10000), (numbers >> 8) & 0xff, numbers & 0xff];
  if (!isAffordable(logN, r, p)) return undefined;
  const parsed = {
    options: scryptOptions(logN, r, p),
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  };
  return parsed.salt.length >= 8 && parsed.hash.length >= 16 ? parsed : undefined;
}

function isAffordable(logN: number, r: number, p: number): boolean {
  if (!(logN >= 1 && logN <= 24) || r < 1 || p < 1 || p > MAX_PARALLELIZATION) return false;
  return 128 * r * 2 ** logN <= MAX_MEMORY_BYTES;
}

function scryptOptions(logN: number, r: number, p: number): ScryptOptions {
  const N = 2 ** logN;
  // OpenSSL counts its own buffers beside the 128·N·r of the algorithm.
  return { N, r, p, maxmem: 128 * r * (N + p + 2) + 1_048_576 };
}

function derive(
  password: string,
  salt: Buffer,
  bytes: number,
  options: ScryptOptions,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, bytes, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
