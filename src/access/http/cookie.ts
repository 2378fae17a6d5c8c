/**
 * Every value that a request sends for a cookie (RFC 6265 §5.4), in order, from all of its Cookie
 * headers; the name counts letter by letter. Values are as sent, quotes included.
 *
 * @param headers the values of the Cookie headers
 */
export function cookieValues(headers: readonly string[], name: string): readonly string[] {
  const pairs = headers.flatMap((header) => header.split(';'));
  return pairs.flatMap((pair) => {
    const equals = pair.indexOf('=');
    const isNamed = pair.slice(0, Math.max(equals, 0)).trim() === name;
    return isNamed ? [pair.slice(equals + 1).trim()] : [];
  });
}
