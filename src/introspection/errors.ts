import { FhirError } from '../errors/fhir-error.js';
import { OutboundFailure } from './outbound/outbound-failure.js';
import { REFUSALS, type Refusal } from './refusal.js';

const DEFAULT_RETRY_SECONDS = 5;

/** The bearer token authenticates nobody: 401 with the challenge of RFC 6750 §3. */
export class InvalidToken extends FhirError {
  readonly status = 401;
  override readonly headers = { 'WWW-Authenticate': 'Bearer realm="fhir", error="invalid_token"' };

  /** @param refusals one per introspector asked; the first is told to the caller, all to the trace */
  constructor(readonly refusals: readonly Refusal[]) {
    const reason = refusals[0] && REFUSALS[refusals[0].code];
    const diagnostics = 'The access token is not accepted';
    super([{ code: 'login', diagnostics: reason ? `${diagnostics}: ${reason}` : diagnostics }]);
  }
}

/** Who could judge the token cannot be asked, and nothing valid is cached: 503, never 401. */
export class IntrospectionUnavailable extends FhirError {
  readonly status = 503;
  override readonly headers: Readonly<Record<string, string>>;

  /** @param cause for the log; the caller is told a fixed sentence, and when to come back */
  constructor(
    readonly introspectorId: string,
    cause?: unknown,
    retryAfterSeconds = retrySeconds(cause),
  ) {
    const diagnostics = 'The token cannot be checked now: its issuer cannot be reached';
    super([{ code: 'transient', diagnostics }], { cause });
    this.headers = { 'Retry-After': String(retryAfterSeconds) };
  }
}

function retrySeconds(cause: unknown): number {
  if (!(cause instanceof OutboundFailure) || cause.retryAfterMs === undefined) {
    return DEFAULT_RETRY_SECONDS;
  }
  return Math.max(1, Math.ceil(cause.retryAfterMs / 1000));
}
