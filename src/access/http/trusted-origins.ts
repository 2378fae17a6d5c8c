const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/**
 * Whether a page that is not trusted may have made the browser send a request (spec §2, aspxauth):
 * it is not GET or HEAD, and its `Origin` is absent, repeated, `null` or not one of the trusted.
 *
 * @param origins the values of the Origin headers
 */
export function isCrossSite(
  method: string,
  origins: readonly string[],
  trusted: readonly string[],
): boolean {
  if (SAFE_METHODS.has(method)) return false;
  const [origin, second] = origins;
  return origin === undefined || second !== undefined || !trusted.includes(origin);
}
