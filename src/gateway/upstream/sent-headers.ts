/** Headers that a request for the upstream may be given; all others would be passed by mistake. */
const GIVEN: ReadonlySet<string> = new Set([
  ...['accept', 'accept-encoding', 'content-type', 'if-match', 'if-modified-since'],
  ...['if-none-exist', 'if-none-match', 'prefer'],
]);

/**
 * The headers of a request: those it was given, what tells the upstream who asks, and Wardgate's own.
 * Nothing that a client sent gets here by itself.
 *
 * @param own names the upstream's credential and the caller; they win
 * @param about the request: its id, for the log of the upstream, and the gateways on its way
 * @throws Error for a header that may not be given
 */
export function sentHeaders(
  given: Readonly<Record<string, string>>,
  own: Readonly<Record<string, string>>,
  about: { readonly id: string; readonly via: string },
): Record<string, string> {
  const other = Object.keys(given).find((name) => !GIVEN.has(name));
  if (other !== undefined) throw new Error(`The header ${other} is none for the upstream`);
  return {
    accept: 'application/fhir+json',
    'accept-encoding': 'identity',
    ...given,
    'x-request-id': about.id,
    via: about.via,
    ...own,
  };
}
