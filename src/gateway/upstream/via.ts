import { createHash } from 'node:crypto';
import { LoopDetected } from './upstream-errors.js';

const WARDGATE = /^1\.1 wardgate-[\da-f]{16}$/;
/** More than any chain of gateways has that is meant. */
const MAX_GATEWAYS = 8;

/**
 * How a Wardgate names itself in `Via` (RFC 9110 §7.6.3): the same for all its instances.
 *
 * @param baseUrl of it
 */
export function viaEntry(baseUrl: string): string {
  const pseudonym = createHash('sha256').update(baseUrl).digest('hex').slice(0, 16);
  return `1.1 wardgate-${pseudonym}`;
}

/**
 * The `Via` of a request for the upstream: the Wardgates that it came through, and this one. What else a
 * client sent there is left out.
 *
 * @param received what came with the request
 * @throws LoopDetected 508 where it came through this one before, or through too many
 */
export function viaWith(entry: string, received: unknown): string {
  const text = typeof received === 'string' ? received : '';
  const gateways = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => WARDGATE.test(part));
  if (gateways.includes(entry) || gateways.length >= MAX_GATEWAYS) throw new LoopDetected();
  return [...gateways, entry].join(', ');
}
