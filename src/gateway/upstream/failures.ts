import { FhirError } from '../../errors/fhir-error.js';
import { CircuitOpen } from '../../introspection/outbound/circuit-breaker.js';
import { UpstreamFailed, UpstreamLate, UpstreamNotAsked } from './upstream-errors.js';

/** A connection that broke before the answer began; the request may or may not have been read. */
const RESETS: ReadonlySet<unknown> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);
const LATE: ReadonlySet<unknown> = new Set([
  ...['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT'],
]);

/** Whether a call failed because its connection was closed, as happens to one that was kept too long. */
export function isReset(error: unknown): boolean {
  return RESETS.has(codeOf(error));
}

/** A failed call as what the client is told: 502, 503 or 504. */
export function upstreamError(error: unknown): FhirError {
  if (error instanceof FhirError) return error;
  if (error instanceof CircuitOpen) return new UpstreamNotAsked(error.retryAfterMs);
  if (LATE.has(codeOf(error))) return new UpstreamLate(error);
  return new UpstreamFailed(
    'The FHIR server behind this one cannot be reached, or its answer cannot be read',
    error,
  );
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
