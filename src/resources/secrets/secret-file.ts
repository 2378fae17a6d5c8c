import { constants, type BigIntStats } from 'node:fs';
import { open, stat } from 'node:fs/promises';

/** Most bytes that the file of a secret may have. */
export const MAX_SECRET_BYTES = 65_536;

/** A file younger than this may change again without its times telling, as clocks tick coarsely. */
const YOUNG_MS = 2000;

/** The content of a file, and by what a change of it is noticed. */
export interface SecretFile {
  readonly text: string;
  /** Differs when the file was written, replaced, or reached by another link. */
  readonly stamp: string;
}

/** Why a file holds no secret; never a part of its content. */
export class SecretFileUnusable extends Error {}

/**
 * Reads a secret: UTF-8, without the line end at its end.
 *
 * @param maxBytes most that the file may have
 * @throws SecretFileUnusable or an error of the file system.
 */
export async function readSecretFile(
  path: string,
  maxBytes = MAX_SECRET_BYTES,
): Promise<SecretFile> {
  // A pipe would make the open wait for a writer.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = await file.stat({ bigint: true });
    if (!stats.isFile()) throw new SecretFileUnusable('it is no regular file');
    const buffer = Buffer.alloc(maxBytes + 1);
    let length = 0;
    while (length < buffer.length) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return { text: textOf(buffer.subarray(0, length), maxBytes), stamp: stampOf(stats) };
  } finally {
    await file.close();
  }
}

/** What {@link readSecretFile} would answer as the stamp now; undefined when only reading can tell. */
export async function secretFileStamp(path: string): Promise<string | undefined> {
  const stats = await stat(path, { bigint: true });
  const ageMs = Date.now() - Number(stats.ctimeMs);
  return ageMs < YOUNG_MS ? undefined : stampOf(stats);
}

function textOf(bytes: Buffer, maxBytes: number): string {
  if (bytes.length > maxBytes) {
    throw new SecretFileUnusable(`it is larger than ${maxBytes} bytes`);
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new SecretFileUnusable('it is not UTF-8');
  }
  const secret = text.replace(/\r?\n$/, '');
  if (secret === '') throw new SecretFileUnusable('it is empty');
  return secret;
}

function stampOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(':');
}
