import { FhirError } from '../errors/fhir-error.js';
import { OutboundFailure } from './outbound/outbound-failure.js';
import { dpopChallenge } from './possession/dpop-challenge.js';
import type { TokenScheme } from './possession/presentation.js';
import { PROOF_REFUSALS, REFUSALS, type Refusal } from './refusal.js';

const BEARER = 'Bearer realm="fhir", error="invalid_token"';
const DEFAULT_RETRY_SECONDS = 5;

/** The token authenticates nobody: 401 with the challenge of RFC 6750 §3 or RFC 9449 §7.1. */
export class InvalidToken extends FhirError {
  readonly status = 401;
  override readonly headers: Readonly<Record<string, readonly string[]>>;

  /**
   * @param refusals one per introspector asked; the first is told to the caller, all to the trace
   * @param scheme under which the token was presented
   */
  constructor(
    readonly refusals: readonly Refusal[],
    scheme: TokenScheme,
  ) {
    const reason = refusals[0] && REFUSALS[refusals[0].code];
    const diagnostics = 'The access token is not accepted';
    super([{ code: 'login', diagnostics: reason ? `${diagnostics}: ${reason}` : diagnostics }]);
    this.headers = { 'WWW-Authenticate': challenges(refusals, scheme) };
  }
}

/** Nobody can tell now whether a DPoP proof was used before, so it is not accepted: 503. */
export class ProofUnchecked extends FhirError {
  readonly status = 503;
  override readonly headers = { 'Retry-After': String(DEFAULT_RETRY_SECONDS) };

  /** @param cause for the log; the caller is told a fixed sentence */
  constructor(cause: unknown) {
    const diagnostics = 'The DPoP proof cannot be checked now; try again with a new one';
    super([{ code: 'transient', diagnostics }], { cause });
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

function challenges(refusals: readonly Refusal[], scheme: TokenScheme): readonly string[] {
  const codes = refusals.map(({ code }) => code);
  switch (scheme) {
    case 'bearer':
      // The same token may be good under the other scheme (RFC 9449 §7.2).
      return codes.includes('proof-required') ? [BEARER, dpopChallenge()] : [BEARER];
    case 'dpop': {
      const isProof = codes.some((code) => Object.hasOwn(PROOF_REFUSALS, code));
      return [dpopChallenge(isProof ? 'invalid_dpop_proof' : 'invalid_token')];
    }
  }
}
