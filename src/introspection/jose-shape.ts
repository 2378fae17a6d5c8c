/**
 * Whether a token that cannot be read is a JOSE object all the same (RFC 7515 §9): three or five
 * parts, of which the first is a JSON object with `alg`, or one that no parser may be trusted with.
 *
 * What looks like a JWT is never taken for an opaque token: it would get around routing by issuer.
 */
export function isJoseShaped(token: string): boolean {
  const parts = token.split('.', 6);
  if (parts.length !== 3 && parts.length !== 5) return false;
  const header = Buffer.from(parts[0] ?? '', 'base64url')
    .toString('utf8')
    .trimStart();
  if (!header.startsWith('{')) return false;
  try {
    return Object.hasOwn(JSON.parse(header) as object, 'alg');
  } catch {
    return true;
  }
}
