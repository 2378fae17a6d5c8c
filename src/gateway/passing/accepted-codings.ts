import type { Passage } from './passage.js';

const CODINGS = ['gzip', 'br', 'deflate'] as const;

/** A content coding that passes between the upstream and the client. */
export type ContentCoding = (typeof CODINGS)[number];

/** Whether a content coding passes. */
export function isPassedCoding(coding: string): coding is ContentCoding {
  return CODINGS.some((known) => known === coding);
}

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
    .filter(isPassedCoding);
  return accepted.length === 0 ? {} : { 'accept-encoding': accepted.join(', ') };
}
