/** Somebody shows a secret for an account. */
export interface Attempt {
  /** Resource type and id, as they were sent: `Client/root`. The account need not exist. */
  readonly account: string;
  /** From where, as policies see it (`remote-addr`). */
  readonly address: string;
  /** Whether the account exists; the name of one that does not may be a secret in the wrong place. */
  readonly isKnownAccount: boolean;
}

/**
 * Slows down those who guess secrets (spec §6). Whoever verifies a secret asks before and tells after.
 * Bearer tokens are no such secrets: they cannot be guessed.
 */
export abstract class FailedAttempts {
  /**
   * To be called before the secret is looked at, so that nothing is learnt from the answer.
   *
   * @throws TooManyAttempts 429 while the account or the address is blocked.
   */
  abstract assertOpen(attempt: Attempt): void;

  /** The secret was right: this account has been used from this address. */
  abstract succeeded(attempt: Attempt): void;

  /**
   * The secret was wrong. Counted in this instance before the call returns; what others counted is asked for
   * a short time.
   *
   * @throws TooManyAttempts 429 when another instance blocked the account or the address before.
   */
  abstract failed(attempt: Attempt): Promise<void>;
}
