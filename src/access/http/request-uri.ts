import { canonicalPath } from './canonical-path.js';

/**
 * Whether a URI is that of a request, query and fragment aside, after the normalisation of RFC 3986
 * §6.2.2–6.2.3 and in the one spelling of paths that is served (RFC 9449 §4.3, `htu`).
 *
 * @param baseUrl under which clients reach Wardgate. Never what the request says of its own host:
 * whoever relays a proof made for another host would say that one.
 * @param path canonical path of the request
 */
export function isRequestUri(uri: string, baseUrl: string, path: string): boolean {
  if (!URL.canParse(uri)) return false;
  const [named, base] = [new URL(uri), new URL(baseUrl)];
  // Not the origin, which `blob:` takes from what follows it.
  if (named.protocol !== base.protocol || named.host !== base.host) return false;
  if (named.username !== '' || named.password !== '') return false;
  const namedPath = pathOf(named.pathname);
  return namedPath !== undefined && namedPath === pathOf(`${base.pathname}${path}`);
}

function pathOf(pathname: string): string | undefined {
  try {
    return canonicalPath(pathname).path;
  } catch {
    return undefined;
  }
}
