import { Injectable } from '@nestjs/common';
import { Counter, Gauge } from 'prom-client';
import { MetricsRegistry } from '../metrics/metrics-registry.js';
import { Tally } from '../metrics/tally.js';
import type { Introspection } from './introspection.js';
import { IntrospectorSource } from './introspector-source.js';
import { RememberedTokens } from './jwt/remembered-tokens.js';

/** Stands for the introspector where none judged the token. */
const NO_INTROSPECTOR = '';

/** Counts what became of bearer tokens, by the introspectors that there are. */
@Injectable()
export class IntrospectionMetrics {
  private readonly outcomes: Tally;

  constructor(registry: MetricsRegistry, source: IntrospectorSource, tokens: RememberedTokens) {
    this.outcomes = new Tally(registry, {
      name: 'wardgate_token_introspections_total',
      help: 'Bearer tokens by the introspector that judged them and the outcome; without one where none did',
      labels: ['introspector', 'outcome'],
      existing: () => new Set([NO_INTROSPECTOR, ...source.all().map(({ id }) => id)]),
    });
    observeRememberedTokens(registry, tokens);
  }

  /** A token was judged: `active`, or one reason for each introspector that refused it. */
  judged(introspection: Introspection): void {
    if (introspection.active) {
      this.outcomes.count(introspection.introspector.id, 'active');
      return;
    }
    for (const { introspectorId, code } of introspection.refusals) {
      this.outcomes.count(introspectorId ?? NO_INTROSPECTOR, code);
    }
  }

  /** Nobody could judge a token, because this introspector's provider cannot be asked. */
  unavailable(introspectorId: string): void {
    this.outcomes.count(introspectorId, 'unavailable');
  }
}

function observeRememberedTokens(registry: MetricsRegistry, tokens: RememberedTokens): void {
  const registers = [registry];
  const asked: Counter = new Counter({
    name: 'wardgate_remembered_tokens_total',
    help: 'Signed tokens whose signature was known to be good (hit), or had to be computed (miss)',
    labelNames: ['result'],
    registers,
    collect: () => {
      const { hits, misses } = tokens.statistics();
      asked.reset();
      asked.inc({ result: 'hit' }, hits);
      asked.inc({ result: 'miss' }, misses);
    },
  });
  const held: Gauge = new Gauge({
    name: 'wardgate_remembered_tokens',
    help: 'Signed tokens that are remembered now',
    registers,
    collect: () => {
      held.set(tokens.statistics().size);
    },
  });
}
