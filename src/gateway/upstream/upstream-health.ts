import { Injectable } from '@nestjs/common';
import { ReadinessCheck } from '../../health/readiness-check.js';
import { Upstream } from './upstream.js';
import { UpstreamNotAsked } from './upstream-errors.js';

/** Milliseconds for which what was found holds: anybody may ask, and the upstream must not notice. */
const HOLDS_MS = 2_000;
/** Milliseconds that the upstream may take, what waits for a credential included. */
const PATIENCE_MS = 5_000;

/** Whether the upstream answers, whatever it answers: a refusal shows as well that it works. */
@Injectable()
export class UpstreamHealth extends ReadinessCheck {
  private found: Promise<boolean> | undefined;
  private until = 0;

  constructor(private readonly upstream: Upstream) {
    super();
  }

  /** @throws UpstreamNotAsked 503 while the upstream cannot be reached, or fails by itself */
  async confirm(): Promise<void> {
    if (this.found === undefined || performance.now() > this.until) {
      this.until = Infinity;
      this.found = this.answers().finally(() => {
        this.until = performance.now() + HOLDS_MS;
      });
    }
    if (!(await this.found)) throw new UpstreamNotAsked(HOLDS_MS);
  }

  private async answers(): Promise<boolean> {
    const request = {
      method: 'GET',
      path: ['metadata'],
      // The least that servers make of it.
      query: [['_summary', 'true']],
      headers: {},
    } as const;
    try {
      return (await this.upstream.probe(request, PATIENCE_MS)) < 500;
    } catch {
      return false;
    }
  }
}
