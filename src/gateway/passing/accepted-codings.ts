import type { Passage } from './passage.js';

/** Content codings that pass between the upstream and the client. */
export const CODINGS: ReadonlySet<string> = new Set(['gzip', 'br', 'deflate']);

/**
 * What the client takes of an answer that is handed on as it comes (RFC 9110 §12.5.3), as a header for the
 * upstream; nothing where it takes no coding that passes, or where the answer must be read here.
 */
export function acceptedCodings({ origin, isForYaml }: Passage): Record<string, string> {
  const given = origin.incoming.peer.headers['accept-encoding'];
  if (typeof given !== 'string' || isForYaml) return {};
  const accepted = given
    .toLowerCase()
    .split(',')
    .map((part) => part.trim())
    .filter((part) => CODINGS.has(part));
  return accepted.length === 0 ? {} : { 'accept-encoding': accepted.join(', ') };
}
