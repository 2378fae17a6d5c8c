import { Counter } from 'prom-client';
import type { MetricsRegistry } from './metrics-registry.js';

/** What a tally counts, and the names of its two labels. */
export interface TallyDescription {
  /** Ends with `_total`. */
  readonly name: string;
  readonly help: string;
  readonly labels: readonly [string, string];
  /** Values of the first label that still exist, asked when the numbers are read; the others are dropped. */
  readonly existing?: () => ReadonlySet<string>;
}

/**
 * A counter with two labels. Counting is two look-ups in maps, because it happens on every request; the
 * exposition is written from them when it is asked for.
 */
export class Tally {
  private readonly counts = new Map<string, Map<string, number>>();

  constructor(registry: MetricsRegistry, { name, help, labels, existing }: TallyDescription) {
    const [first, second] = labels;
    const counter: Counter = new Counter({
      name,
      help,
      labelNames: [first, second],
      registers: [registry],
      collect: () => {
        if (existing) this.retain(existing());
        counter.reset();
        for (const [one, byOther] of this.counts) {
          for (const [other, count] of byOther) {
            counter.inc({ [first]: one, [second]: other }, count);
          }
        }
      },
    });
  }

  /** Counts one. Values come from small fixed sets or from resources, never from a request. */
  count(one: string, other: string): void {
    let byOther = this.counts.get(one);
    if (byOther === undefined) this.counts.set(one, (byOther = new Map<string, number>()));
    byOther.set(other, (byOther.get(other) ?? 0) + 1);
  }

  private retain(existing: ReadonlySet<string>): void {
    for (const one of this.counts.keys()) {
      if (!existing.has(one)) this.counts.delete(one);
    }
  }
}
