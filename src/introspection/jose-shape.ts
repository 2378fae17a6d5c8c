/**
 * Whether a token that cannot be read is a JOSE object all the same (RFC 7515 §9): of parts, of which
 * the first is a JSON object with `alg`, or one that no parser may be trusted with.
 *
 * What looks like a JWT is never taken for an opaque token: it would get around routing by issuer. The
 * number of its parts is no matter: some parsers overlook empty ones at the end, or what follows.
 */
export function isJoseShaped(token: string): boolean {
  const dot = token.indexOf('.');
  if (dot === -1) return false;
  const header = Buffer.from(token.slice(0, dot), 'base64url').toString('utf8').trimStart();
  if (!header.startsWith('{')) return false;
  try {
    return Object.hasOwn(JSON.parse(header) as object, 'alg');
  } catch {
    return true;
  }
}
