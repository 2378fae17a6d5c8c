import { BadRequest } from '../../errors/fhir-error.js';
import { cookieValues } from './cookie.js';
import { MalformedCredential } from './http-errors.js';
import { rawHeaderValues } from './raw-headers.js';
import { isCrossSite } from './trusted-origins.js';
import type { Params } from '../../interactions/http/query-params.js';

const MAX_CHARACTERS = 16 * 1024;
const SCHEME = /^([A-Za-z][A-Za-z0-9-]*)(?: +(.*))?$/;
const TOKEN68 = /^[A-Za-z0-9\-._~+/]+=*$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;
/** RFC 6265 §4.1.1. */
const COOKIE_OCTETS = /^[\x21\x23-\x2B\x2D-\x3A\x3C-\x5B\x5D-\x7E]+$/;
const CONTROL = /\p{Cc}/u;

/** By what a request says who sent it; nothing of it has been verified. */
export type Credential =
  | { readonly scheme: 'none' }
  | { readonly scheme: 'basic'; readonly clientId: string; readonly secret: string }
  | { readonly scheme: 'bearer' | 'dpop'; readonly token: string }
  | {
      readonly scheme: 'aspxauth';
      readonly cookie: string;
      /** It would change something, and a page that is not trusted may have caused it. */
      readonly isCrossSite: boolean;
    };

/** The parts of a request that may hold a credential. */
export interface CredentialSource {
  /** Names and values in turn, as they arrived, so that repetition shows. */
  readonly rawHeaders: readonly string[];
  readonly queryParams: Params;
}

/** When a cookie counts as a credential. */
export interface CookieRule {
  readonly name: string;
  readonly method: string;
  /** Origins whose pages may send it along with a request that changes something. */
  readonly trustedOrigins: readonly string[];
}

/**
 * Reads the one credential of a request (RFC 9110 §11.6.2, RFC 7617, RFC 6750 §2.1, RFC 9449
 * §7.1).
 *
 * @param cookieRule absent: cookies are no credentials
 * @throws BadRequest (400) for a repeated Authorization header or cookie, for both at once, and for
 * `access_token` in the query.
 * @throws MalformedCredential (401) for an unknown scheme and for what its scheme does not allow.
 */
export function readCredential(
  { rawHeaders, queryParams }: CredentialSource,
  cookieRule?: CookieRule,
): Credential {
  if (Object.hasOwn(queryParams, 'access_token')) {
    throw new BadRequest('Tokens travel in the Authorization header, not as access_token');
  }
  const [authorization, second] = rawHeaderValues(rawHeaders, 'authorization');
  if (second !== undefined) throw new BadRequest('There is more than one Authorization header');
  const cookie = cookieRule && readCookie(rawHeaders, cookieRule);
  if (authorization === undefined) return cookie ?? { scheme: 'none' };
  if (cookie)
    throw new BadRequest('There are two credentials: an Authorization header and a cookie');
  return parseAuthorization(authorization);
}

function readCookie(
  rawHeaders: readonly string[],
  { name, method, trustedOrigins }: CookieRule,
): Credential | undefined {
  const [cookie, second] = cookieValues(rawHeaderValues(rawHeaders, 'cookie'), name);
  if (cookie === undefined) return undefined;
  if (second !== undefined) throw new BadRequest(`The cookie ${name} is there more than once`);
  if (!COOKIE_OCTETS.test(cookie)) throw new MalformedCredential('bearer', 'cookie');
  const origins = rawHeaderValues(rawHeaders, 'origin');
  return { scheme: 'aspxauth', cookie, isCrossSite: isCrossSite(method, origins, trustedOrigins) };
}

function parseAuthorization(header: string): Credential {
  if (header.length > MAX_CHARACTERS) throw new MalformedCredential('any');
  const [, scheme = '', value = ''] = SCHEME.exec(header.trim()) ?? [];
  switch (scheme.toLowerCase()) {
    case 'basic':
      return parseBasic(value);
    case 'bearer':
      return parseToken('bearer', value);
    case 'dpop':
      return parseToken('dpop', value);
    default:
      throw new MalformedCredential('any');
  }
}

function parseToken(scheme: 'bearer' | 'dpop', token: string): Credential {
  if (!TOKEN68.test(token)) throw new MalformedCredential(scheme);
  return { scheme, token };
}

function parseBasic(encoded: string): Credential {
  const pair = BASE64.test(encoded) ? decodeUtf8(Buffer.from(encoded, 'base64')) : undefined;
  const colon = pair?.indexOf(':') ?? -1;
  // Neither part may be empty: there is no Client without an id, and none without a secret here.
  if (pair === undefined || colon < 1 || colon === pair.length - 1 || CONTROL.test(pair)) {
    throw new MalformedCredential('basic');
  }
  return { scheme: 'basic', clientId: pair.slice(0, colon), secret: pair.slice(colon + 1) };
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
