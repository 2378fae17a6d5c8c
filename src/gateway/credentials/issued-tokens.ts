import { UpstreamCredentials } from '../upstream/upstream-credentials.js';
import { UpstreamFailed } from '../upstream/upstream-errors.js';
import type { IssuedToken } from './token-endpoint.js';

/** A token is not sent any more when less than this, in milliseconds, or a tenth of its time is left. */
const MARGIN_MS = 30_000;
/** Milliseconds for which a failure is told without asking again. */
const FAILURE_MS = 1_000;
/** A token younger than this, in milliseconds, that is refused would be refused when asked for again. */
const YOUNG_MS = 10_000;

interface Kept {
  readonly token: string;
  readonly since: number;
  readonly until: number;
}

/** Tokens that a token endpoint issues to Wardgate: one is kept while it serves, one call in flight. */
export class IssuedTokens extends UpstreamCredentials {
  private kept: Kept | undefined;
  private asking: Promise<Kept> | undefined;
  /** Counts what made all tokens until then worthless. */
  private era = 0;
  private failure: { readonly error: UpstreamFailed; readonly until: number } | undefined;

  /** @param now milliseconds of a clock that never goes back */
  constructor(
    private readonly ask: () => Promise<IssuedToken>,
    private readonly now: () => number = () => performance.now(),
  ) {
    super();
  }

  async headers(): Promise<Readonly<Record<string, string>>> {
    const { token } = this.current() ?? (await this.renewed());
    return { authorization: `Bearer ${token}` };
  }

  refused({ authorization }: Readonly<Record<string, string>>): boolean {
    // Another request has learnt of it before, and the next token is there or asked for.
    if (this.kept === undefined || authorization !== `Bearer ${this.kept.token}`) return true;
    if (this.now() - this.kept.since < YOUNG_MS) return false;
    this.kept = undefined;
    return true;
  }

  /** Keeps no token any longer, not one that is being asked for either: what it is bound to has changed. */
  forget(): void {
    this.era += 1;
    this.kept = undefined;
    this.asking = undefined;
  }

  private current(): Kept | undefined {
    return this.kept !== undefined && this.kept.until > this.now() ? this.kept : undefined;
  }

  private renewed(): Promise<Kept> {
    const { failure } = this;
    if (failure !== undefined && failure.until > this.now()) return Promise.reject(failure.error);
    if (this.asking !== undefined) return this.asking;
    const { era } = this;
    this.asking = this.renew().finally(() => {
      if (era === this.era) this.asking = undefined;
    });
    return this.asking;
  }

  private async renew(): Promise<Kept> {
    const since = this.now();
    const { era } = this;
    try {
      const { token, lifetimeMs } = await this.ask();
      const margin = Math.min(MARGIN_MS, lifetimeMs / 10);
      const issued = { token, since, until: since + lifetimeMs - margin };
      this.failure = undefined;
      if (era === this.era) this.kept = issued;
      return issued;
    } catch (cause) {
      const error = new UpstreamFailed(
        'No token for the FHIR server behind this one can be had now',
        cause,
      );
      this.failure = { error, until: this.now() + FAILURE_MS };
      throw error;
    }
  }
}
