import { LRUCache } from 'lru-cache';
import type { CallPurpose } from './call-purpose.js';
import { CircuitBreaker } from './circuit-breaker.js';
import type { OutboundMetrics } from './outbound-metrics.js';

const MAX_BREAKERS = 512;

/**
 * One breaker for each endpoint and purpose. What callers can provoke by their tokens, slow answers to
 * introspection for instance, must not keep the keys of the same provider away; nor must a realm or
 * tenant that is broken keep away those beside it on one host.
 */
export class Breakers {
  // Bounded, because a discovery document chooses the address of its keys.
  private readonly breakers = new LRUCache<string, CircuitBreaker>({ max: MAX_BREAKERS });

  /** @param now milliseconds of a clock that never goes back */
  constructor(
    private readonly metrics: OutboundMetrics,
    private readonly now: () => number,
  ) {}

  /** The breaker of such calls. */
  of({ origin, pathname, host }: URL, purpose: CallPurpose): CircuitBreaker {
    const key = `${purpose} ${origin}${pathname}`;
    const known = this.breakers.get(key);
    if (known !== undefined) return known;
    const created = new CircuitBreaker(this.now, (state) => {
      this.metrics.breakerChanged({ host, purpose }, state);
    });
    this.breakers.set(key, created);
    return created;
  }
}
