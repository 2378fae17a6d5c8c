import { isIP } from 'node:net';

import { ValidateBy } from 'class-validator';

const HOST_NAME = /^[a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9])?$/i;
const HOST_AND_PORT = /^([^:]+)(?::(\d{1,5}))?$/;
const SEARCH_PARAMETER =
  /^[A-Z][A-Za-z]{0,63}\.[A-Za-z][A-Za-z0-9-]{0,63}:(?:(?:date|number|quantity|string|token|uri)$|reference:[A-Z][A-Za-z|]{0,999}$)/;
const ABSOLUTE_URI = /^[a-z][a-z0-9+.-]*:[^\s<>"]+$/i;

/** An IP address, or a network in CIDR notation that is not the whole address space. */
export function isAddressOrNetwork(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  const [, address = '', prefix] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(value) ?? [];
  const version = isIP(address);
  if (version === 0) return false;
  if (prefix === undefined) return true;
  // A prefix of 0 would let every caller choose its own address and scheme.
  return Number(prefix) > 0 && Number(prefix) <= (version === 4 ? 32 : 128);
}

/** A host name or IPv4 address, with or without a port, or an IPv6 address; `*` is any. */
export function isHostOrAny(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  if (value === '*' || isIP(value) !== 0) return true;
  const [, name = '', port = '1'] = HOST_AND_PORT.exec(value) ?? [];
  return HOST_NAME.test(name) && Number(port) >= 1 && Number(port) <= 65_535;
}

/** An origin as browsers send it (RFC 6454, section 6.1), or `*` for any. */
export function isOriginOrAny(value: unknown): boolean {
  if (value === '*') return true;
  const url = parseUrl(value);
  return url !== undefined && isHttp(url) && url.origin === value;
}

/** An absolute http or https URL without credentials, query and fragment. */
export function isBaseUrl(value: unknown): boolean {
  const url = parseUrl(value);
  if (url === undefined || !isHttp(url)) return false;
  return !/[?#]/.test(url.href) && url.username === '' && url.password === '';
}

/** A URL as PostgreSQL clients read it; the host may be left out for a socket folder. */
export function isPostgresUrl(value: unknown): boolean {
  // `postgres://user@/name?host=/folder` names a socket; the standard parser wants a host there.
  const complete = typeof value === 'string' ? value.replace('@/', '@socket/') : value;
  return hasProtocol(complete, ['postgres:', 'postgresql:']);
}

/** A URL of a Redis server, in clear or over TLS. */
export function isRedisUrl(value: unknown): boolean {
  return hasProtocol(value, ['redis:', 'rediss:']);
}

/** A path, a file URL without host, or an https URL. */
export function isFileOrHttps(value: unknown): boolean {
  if (typeof value !== 'string' || value.includes('\0')) return false;
  if (!/^[a-z][a-z0-9+.-]+:/i.test(value)) return true;
  return (
    hasProtocol(value, ['https:']) ||
    (hasProtocol(value, ['file:']) && parseUrl(value)?.host === '')
  );
}

/** An absolute URI of any scheme (RFC 3986, section 3). */
export function isAbsoluteUri(value: unknown): boolean {
  return typeof value === 'string' && ABSOLUTE_URI.test(value);
}

/** A resource type and the canonical URL of a profile, as `Patient=http://…`. */
export function isProfileOfType(value: unknown): boolean {
  return (
    typeof value === 'string' && /^[A-Z][A-Za-z]{0,63}=[a-z][a-z0-9+.-]*:[^\s=<>"]+$/.test(value)
  );
}

/** A class-validator rule from a predicate. */
export function Satisfies(predicate: (value: unknown) => boolean): PropertyDecorator {
  return ValidateBy({ name: predicate.name, validator: { validate: predicate } });
}

/** The same for every item of a list. */
export function EachSatisfies(predicate: (value: unknown) => boolean): PropertyDecorator {
  return ValidateBy({ name: predicate.name, validator: { validate: predicate } }, { each: true });
}

function parseUrl(value: unknown): URL | undefined {
  return typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
}

function hasProtocol(value: unknown, protocols: readonly string[]): boolean {
  return protocols.includes(parseUrl(value)?.protocol ?? '');
}

function isHttp(url: URL): boolean {
  return url.protocol === 'http:' || url.protocol === 'https:';
}

/** The name of an operation of FHIR, without `$`. */
export function isOperationName(value: unknown): boolean {
  return typeof value === 'string' && /^[A-Za-z][A-Za-z0-9-]{0,62}$/.test(value);
}

/** A search parameter as `Type.name:kind`, of a reference with `:Target|Target`. */
export function isSearchParameter(value: unknown): boolean {
  return typeof value === 'string' && SEARCH_PARAMETER.test(value);
}
