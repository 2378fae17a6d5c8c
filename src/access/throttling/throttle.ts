import { Injectable, Logger } from '@nestjs/common';
import { ThrottleMetrics } from './throttle-metrics.js';
import { FailedAttempts, type Attempt } from './failed-attempts.js';
import { FamiliarAddresses } from './familiar-addresses.js';
import { FailureCounter } from './failure-counter.js';
import { SharedFailures, type SharedCount } from './shared-failures.js';
import { keysOf, limitsOf, SCOPES, type PerScope, type ThrottleScope } from './throttle-scope.js';
import { ThrottleSettings } from './throttle-settings.js';
import { TooManyAttempts } from './too-many-attempts.js';

/**
 * Blocks after too many failures: an account at an address, an address, and an account everywhere.
 *
 * The last two do not concern an account at an address from which it has been used before: strangers can
 * block strangers, and never somebody who is already known. The first concerns everybody.
 */
@Injectable()
export class Throttle extends FailedAttempts {
  private readonly log = new Logger(Throttle.name);
  private readonly limits: PerScope<number>;
  private readonly counters: PerScope<FailureCounter>;
  private readonly familiar = new FamiliarAddresses();

  constructor(
    private readonly settings: ThrottleSettings,
    private readonly shared: SharedFailures,
    private readonly metrics: ThrottleMetrics,
  ) {
    super();
    this.limits = limitsOf(settings);
    const { windowMs, blockMs } = settings;
    const counter = (scope: ThrottleScope): FailureCounter => {
      const limit = { failures: this.limits[scope], windowMs, blockMs };
      return new FailureCounter(limit, () => performance.now());
    };
    this.counters = {
      pair: counter('pair'),
      address: counter('address'),
      account: counter('account'),
    };
  }

  override assertOpen(attempt: Attempt): void {
    // Names are hashed only while somebody is blocked: a right secret costs nothing else.
    if (!SCOPES.some((scope) => this.counters[scope].hasBlocks())) return;
    const keys = keysOf(attempt, this.settings.keySecret);
    this.refuseIfBlocked(this.scopesOf(attempt), keys);
  }

  override succeeded(attempt: Attempt): void {
    this.familiar.add(attempt);
  }

  override async failed(attempt: Attempt): Promise<void> {
    this.metrics.failed();
    const keys = keysOf(attempt, this.settings.keySecret);
    // Before anything is waited for, so that attempts at the same time count one after the other.
    for (const scope of SCOPES) {
      if (this.counters[scope].count(keys[scope])) this.report(scope, attempt);
    }
    const counts = await this.shared.count(keys);
    const exceeded = SCOPES.filter((scope) => {
      const shared = counts[scope];
      if (shared === undefined || shared.failures < this.limits[scope]) return false;
      if (this.adopt(scope, keys[scope], shared)) this.report(scope, attempt);
      return shared.failures > this.limits[scope];
    });
    const scopes = this.scopesOf(attempt).filter((scope) => exceeded.includes(scope));
    this.refuseIfBlocked(scopes, keys);
  }

  /** Takes over a block that all instances share. @returns whether it begins here and now. */
  private adopt(scope: ThrottleScope, key: string, { failures, endsInMs }: SharedCount): boolean {
    const isNew = failures === this.limits[scope] && this.counters[scope].blockedForMs(key) === 0;
    this.counters[scope].block(key, endsInMs);
    return isNew;
  }

  private refuseIfBlocked(scopes: readonly ThrottleScope[], keys: PerScope<string>): void {
    const blocked = scopes
      .map((scope) => ({ scope, forMs: this.counters[scope].blockedForMs(keys[scope]) }))
      .filter(({ forMs }) => forMs > 0)
      .toSorted((one, other) => other.forMs - one.forMs);
    const [longest] = blocked;
    if (longest === undefined) return;
    this.metrics.refused(longest.scope);
    throw new TooManyAttempts(longest.forMs);
  }

  private scopesOf(attempt: Attempt): readonly ThrottleScope[] {
    return this.familiar.has(attempt) ? ['pair'] : SCOPES;
  }

  private report(scope: ThrottleScope, { account, address, isKnownAccount }: Attempt): void {
    this.metrics.blocked(scope);
    this.log.warn({
      message: 'Too many attempts with a wrong secret',
      blocked: scope,
      ...(scope === 'account' ? {} : { address }),
      ...(scope === 'address' || !isKnownAccount ? {} : { account }),
      forSeconds: this.settings.blockMs / 1000,
    });
  }
}
