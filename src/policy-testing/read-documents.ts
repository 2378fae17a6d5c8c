import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { extname } from 'node:path';
import { FhirError } from '../errors/fhir-error.js';
import type { BodyLimits } from '../interactions/formats/body-limits.js';
import { YamlTooLarge } from '../interactions/formats/format-errors.js';
import type { ParsedBody } from '../interactions/formats/json.js';
import { parseResourceDocuments } from '../interactions/formats/parse-body.js';
import { errorCode } from '../command-line/error-code.js';

/** What a file holds, or why it cannot be read. */
export type ReadFile = { readonly documents: readonly ParsedBody[] } | { readonly problem: string };

/**
 * Reads a file as the body of a request is read, besides that it may hold several YAML documents.
 * `.json` is JSON and nothing else.
 */
export async function readDocuments(path: string, limits: BodyLimits): Promise<ReadFile> {
  try {
    const bytes = await readBytes(path, limits.maxBytes);
    if (bytes === undefined) return { problem: `is larger than ${limits.maxBytes} bytes` };
    const type = extname(path) === '.json' ? 'application/json' : 'text/yaml';
    return { documents: parseResourceDocuments(bytes, type, limits) };
  } catch (error) {
    if (error instanceof YamlTooLarge) {
      return { problem: `is larger than ${limits.maxYamlBytes} bytes of YAML; split it` };
    }
    if (error instanceof FhirError) return { problem: error.message };
    const code = errorCode(error);
    if (code === undefined) throw error;
    return { problem: `cannot be read (${code})` };
  }
}

/** @returns `undefined` for more than `maxBytes`. */
async function readBytes(path: string, maxBytes: number): Promise<Uint8Array | undefined> {
  // It may have become a pipe by now, whose writer would be waited for.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return await readUpTo(file, maxBytes);
  } finally {
    await file.close();
  }
}

async function readUpTo(file: FileHandle, maxBytes: number): Promise<Uint8Array | undefined> {
  const { size } = await file.stat();
  if (size > maxBytes) return undefined;
  // One more than there should be, so that a file that grows is noticed.
  const bytes = new Uint8Array(size + 1);
  let length = 0;
  while (length < bytes.length) {
    const { bytesRead } = await file.read(bytes, length, bytes.length - length);
    if (bytesRead === 0) return bytes.subarray(0, length);
    length += bytesRead;
  }
  return undefined;
}
