import type { UpstreamPage, UpstreamRequest } from './upstream.js';

/** A segment that means "here" or "above" cannot be sent: no encoding keeps servers from resolving it. */
const DOTS = /^\.{1,2}$/;

/**
 * The path and query to send, below the upstream's base.
 *
 * @param base of the upstream, without a trailing slash
 * @throws Error for what no request that was understood has: a dot segment, an empty one, or a page that
 * is not below the base
 */
export function upstreamTarget(base: URL, request: UpstreamRequest | UpstreamPage): string {
  if ('url' in request) return pageTarget(base, request.url);
  const path = request.path.map(segment).join('/');
  const query = new URLSearchParams(
    request.query.map(([name, value]): [string, string] => [name, value]),
  );
  const text = query.toString();
  return `${basePath(base)}${path === '' ? '' : `/${path}`}${text === '' ? '' : `?${text}`}`;
}

/** Whether an absolute URL is the base of the upstream or lies below it. */
export function isBelow(base: URL, url: URL): boolean {
  if (url.origin !== base.origin || url.username !== '' || url.password !== '') return false;
  const path = basePath(base);
  return (
    url.pathname === path || url.pathname === `${path}/` || url.pathname.startsWith(`${path}/`)
  );
}

function pageTarget(base: URL, url: URL): string {
  if (!isBelow(base, url)) throw new Error('A page is not below the base of the upstream');
  return `${url.pathname}${url.search}`;
}

function segment(text: string): string {
  if (text === '' || DOTS.test(text)) throw new Error('A path has a segment that cannot be sent');
  // `$` begins the names of operations, and some servers do not decode it.
  return encodeURIComponent(text).replaceAll('%24', '$');
}

function basePath({ pathname }: URL): string {
  return pathname.replace(/\/+$/, '');
}
