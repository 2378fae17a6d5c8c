import { FhirError } from '../../errors/fhir-error.js';
import type { LinkRewriter } from '../rewriting/link-rewriter.js';
import type { UpstreamAnswer } from '../upstream/upstream.js';
import { isPassedCoding, type ContentCoding } from './accepted-codings.js';
import { UpstreamFailed } from '../upstream/upstream-errors.js';

type Headers = UpstreamAnswer['headers'];

/** Headers that pass as they are; those of security, connections, cookies and caches are Wardgate's own. */
const PASSED = [
  'etag',
  'last-modified',
  'retry-after',
  'preference-applied',
  'x-progress',
] as const;
const LINKS = ['location', 'content-location'] as const;
const CONTENTS = {
  json: { name: 'JSON', type: /^application\/(?:json|[\w.-]+\+json)$/ },
  /** Files with a resource on each line; some servers do not say what their files are. */
  lines: { name: 'NDJSON', type: /^application\/(?:(?:fhir\+|x-)?ndjson|octet-stream)$/ },
} as const;

/** The upstream refused a request without saying why in FHIR; its status is handed on. */
class RefusedByUpstream extends FhirError {
  constructor(readonly status: number) {
    const code = status === 404 || status === 410 ? 'not-found' : 'invalid';
    super([{ code, diagnostics: `The FHIR server behind this one refused it with ${status}` }]);
  }
}

/** The upstream cannot serve now: 503. */
class UnavailableUpstream extends FhirError {
  readonly status = 503;
  override readonly headers: Readonly<Record<string, string>>;

  /** @param retryAfter as the upstream said it: a number of seconds is repeated, a day at most */
  constructor(retryAfter: string | undefined) {
    super([{ code: 'transient', diagnostics: 'The FHIR server behind this one cannot serve now' }]);
    const isSeconds = /^\d{1,5}$/.test(retryAfter ?? '');
    const seconds = isSeconds ? Math.min(86_400, Math.max(1, Number(retryAfter))) : 1;
    this.headers = { 'retry-after': String(seconds) };
  }
}

/** The upstream does not know what it was asked to do: 501. */
class UnknownToUpstream extends FhirError {
  readonly status = 501;

  constructor() {
    super([
      { code: 'not-supported', diagnostics: 'The FHIR server behind this one does not support it' },
    ]);
  }
}

/**
 * @param content what is taken: JSON, or files with a resource in JSON on each line
 * @throws UpstreamFailed 502 for a redirect, which is not followed, where the upstream did not take
 * Wardgate's own credential, for content that is something else, and for failures, of which nobody but
 * operators should read more
 * @throws FhirError 501 and 503 where the upstream says so, and of its status where it refused the request in
 * something else than JSON
 */
export function assertPassable(answer: UpstreamAnswer, content: 'json' | 'lines' = 'json'): void {
  const { status, headers } = answer;
  const failure = failureOf(status, single(headers, 'retry-after'));
  if (failure) throw failure;
  if (isWithoutBody(answer)) return;
  const isRefusal = status >= 400;
  const { type, name } = CONTENTS[isRefusal ? 'json' : content];
  if (isOfType(headers, type)) return;
  if (isRefusal) throw new RefusedByUpstream(status);
  throw new UpstreamFailed(`The FHIR server behind this one answered something else than ${name}`);
}

/**
 * What a status of the upstream, of an answer or of an entry in one, is told as where it does not pass;
 * undefined where it does.
 */
export function failureOf(status: number, retryAfter?: string): FhirError | undefined {
  if (status >= 300 && status < 400 && status !== 304) {
    return new UpstreamFailed('The FHIR server behind this one redirects, which is not followed');
  }
  // The client's own credential was accepted; to answer 401 would make it drop a good one.
  if (status === 401 || status === 407) {
    return new UpstreamFailed('The FHIR server behind this one did not accept this gateway');
  }
  if (status === 501) return new UnknownToUpstream();
  if (status === 503) return new UnavailableUpstream(retryAfter);
  if (status >= 500) return new UpstreamFailed('The FHIR server behind this one failed');
  return undefined;
}

/** Whether an answer has no content, by its status or its headers. */
export function isWithoutBody({ status, headers }: UpstreamAnswer): boolean {
  if (status === 204 || status === 304) return true;
  return headers['content-length'] === '0';
}

/**
 * The coding of the content, if it is any but `identity`.
 *
 * @throws UpstreamFailed 502 for a coding that nobody asked for
 */
export function codingOf(headers: Headers): ContentCoding | undefined {
  const coding = single(headers, 'content-encoding')?.trim().toLowerCase();
  if (coding === undefined || coding === 'identity') return undefined;
  if (isPassedCoding(coding)) return coding;
  throw new UpstreamFailed('The FHIR server behind this one encodes its answer in an unknown way');
}

/**
 * The headers of an answer that pass, its links made Wardgate's own.
 *
 * @throws UpstreamFailed 502 for a coding that nobody asked for
 */
export function answerHeaders(
  answer: UpstreamAnswer,
  links: Pick<LinkRewriter, 'location'>,
): Record<string, string> {
  const { headers } = answer;
  const passed: Record<string, string> = {};
  for (const name of PASSED) {
    const value = single(headers, name);
    if (value !== undefined) passed[name] = value;
  }
  for (const name of LINKS) {
    const value = single(headers, name);
    const address = value === undefined ? undefined : links.location?.(value);
    if (address !== undefined) passed[name] = address;
  }
  return isWithoutBody(answer) ? passed : { ...passed, ...codingHeaders(headers) };
}

function codingHeaders(headers: Headers): Record<string, string> {
  const coding = codingOf(headers);
  return coding === undefined ? {} : { 'content-encoding': coding, vary: 'accept-encoding' };
}

/** In UTF-8, which is the only encoding of FHIR's JSON and the default of others. */
function isOfType(headers: Headers, expected: RegExp): boolean {
  const [type = '', ...parameters] = (single(headers, 'content-type') ?? '')
    .split(';')
    .map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='));
  return expected.test(type) && (charset === undefined || /=\s*"?utf-?8"?$/.test(charset));
}

/** A repeated header is no answer to rely on: none of those that are read is a list. */
function single(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}
