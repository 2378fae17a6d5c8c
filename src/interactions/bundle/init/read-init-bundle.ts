import { open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { FhirError } from '../../../errors/fhir-error.js';
import { DEFAULT_BODY_LIMITS, type BodyLimits } from '../../formats/body-limits.js';
import type { ParsedBody } from '../../formats/json.js';
import { parseResourceBody } from '../../formats/parse-body.js';
import { InitBundleError } from './init-bundle-error.js';

/** 256 MiB, as much as a request may have at most, and values in proportion. */
const LIMITS: BodyLimits = {
  ...DEFAULT_BODY_LIMITS,
  maxBytes: 256 * 1024 * 1024,
  maxNodes: 10_000_000,
};
const TIMEOUT_MS = 60_000;

/** How a URL is fetched; replaced in tests. */
export type Fetch = (url: string, options: RequestInit) => Promise<Response>;

/**
 * Reads the Bundle of BOX_INIT_BUNDLE: JSON or YAML, at most 256 MiB, from a path, a `file://` URL or an
 * `https://` URL, which is not redirected and answers within a minute.
 *
 * @throws InitBundleError in a sentence for the operator, whatever the reason.
 */
export async function readInitBundle(
  location: string,
  fetchUrl: Fetch = fetch,
): Promise<ParsedBody> {
  const bytes = /^https:\/\//i.test(location)
    ? await fetched(location, fetchUrl)
    : await fileAt(location);
  return parsed(bytes);
}

function parsed(bytes: Uint8Array): ParsedBody {
  try {
    const body = parseResourceBody(bytes, undefined, LIMITS);
    if (body) return body;
  } catch (cause) {
    if (!(cause instanceof FhirError)) throw cause;
    throw new InitBundleError(cause.message, { cause });
  }
  throw new InitBundleError('there is nothing in it');
}

async function fileAt(location: string): Promise<Uint8Array> {
  try {
    const path = /^file:/i.test(location) ? fileURLToPath(location) : location;
    const file = await open(path);
    try {
      return await bounded(file.createReadStream());
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw asInitBundleError(cause, 'the file cannot be read');
  }
}

async function fetched(url: string, fetchUrl: Fetch): Promise<Uint8Array> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetchUrl(url, { redirect: 'error', signal });
    if (response.status !== 200) throw new InitBundleError(`the URL answers ${response.status}`);
    return response.body ? await bounded(response.body) : new Uint8Array();
  } catch (cause) {
    throw asInitBundleError(cause, 'the URL cannot be fetched');
  }
}

async function bounded(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const read: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > LIMITS.maxBytes) throw new InitBundleError(`it has over ${LIMITS.maxBytes} bytes`);
    read.push(chunk);
  }
  return Buffer.concat(read);
}

/** Without the location, which may hold a credential. */
function asInitBundleError(cause: unknown, what: string): InitBundleError {
  if (cause instanceof InitBundleError) return cause;
  const code: unknown = cause instanceof Error ? Reflect.get(cause, 'code') : undefined;
  const why = typeof code === 'string' ? ` (${code})` : '';
  return new InitBundleError(`${what}${why}`, { cause });
}
