/**
 * Why a call brought nothing: `refused` by the rules on URLs, `not-tried` because the service is left
 * alone for a moment, `unreachable`, `timeout`, `status` other than 200, `unusable` answer.
 */
export type FailureReason =
  'refused' | 'not-tried' | 'unreachable' | 'timeout' | 'status' | 'unusable';

/** What is known about a failed call besides its message. */
export interface OutboundFailureOptions extends ErrorOptions {
  /** Without it: `status` when there is one, else `unusable`. */
  readonly reason?: FailureReason;
  /** Milliseconds after which it makes sense to try again, where that is known. */
  readonly retryAfterMs?: number;
}

/** An outbound call that brought no answer to rely on. The message is for the log, not the caller. */
export class OutboundFailure extends Error {
  readonly reason: FailureReason;
  readonly retryAfterMs: number | undefined;

  /** @param status of the answer, when there was one */
  constructor(
    message: string,
    readonly status?: number,
    options: OutboundFailureOptions = {},
  ) {
    super(message, options);
    this.name = 'OutboundFailure';
    this.reason = options.reason ?? (status === undefined ? 'unusable' : 'status');
    this.retryAfterMs = options.retryAfterMs;
  }
}
