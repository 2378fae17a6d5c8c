import { Injectable, Logger } from '@nestjs/common';
import type { ObservedDecision } from './observed-decision.js';
import { ShadowPolicies } from './shadow-policies.js';

/** More decisions than this are not kept waiting: each may hold a large body. */
const MAX_WAITING = 32;
/** How long observers may keep other requests from being served at a time. */
const MAX_TURN_MS = 5;

/**
 * Looks at decisions after they are made, so that nothing that is observed delays or changes an answer.
 * When decisions come faster than they can be looked at, some are passed over.
 */
@Injectable()
export class DecisionObservers {
  private readonly logger = new Logger(DecisionObservers.name);
  private waiting: ObservedDecision[] = [];

  constructor(private readonly shadows: ShadowPolicies) {}

  /** Takes note of a decision; returns at once and never fails. */
  observe(decision: ObservedDecision): void {
    if (!this.shadows.areThere) return;
    if (this.waiting.length >= MAX_WAITING) {
      this.shadows.passOver();
      return;
    }
    this.waiting.push(decision);
    if (this.waiting.length === 1) setImmediate(() => this.look());
  }

  private look(): void {
    const end = performance.now() + MAX_TURN_MS;
    const taken = this.waiting;
    let seen = 0;
    for (const decision of taken) {
      if (seen > 0 && performance.now() > end) break;
      this.lookAt(decision);
      seen += 1;
    }
    this.waiting = taken.slice(seen);
    if (this.waiting.length > 0) setImmediate(() => this.look());
  }

  private lookAt(decision: ObservedDecision): void {
    try {
      this.shadows.judge(decision);
    } catch (error) {
      this.logger.error(`A decision could not be looked at: ${String(error)}`);
    }
  }
}
