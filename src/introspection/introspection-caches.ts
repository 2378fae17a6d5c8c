import { Injectable } from '@nestjs/common';
import { KeySets } from './jwt/key-sets.js';
import { RememberedTokens } from './jwt/remembered-tokens.js';
import { IntrospectionResults } from './opaque/introspection-results.js';
import { SealedCache } from './sealed-cache.js';

/** Everything that introspection caches, for whoever may empty it. */
@Injectable()
export class IntrospectionCaches {
  constructor(
    private readonly shared: SealedCache,
    private readonly keySets: KeySets,
    private readonly remembered: RememberedTokens,
    private readonly results: IntrospectionResults,
  ) {}

  /** Forgets all; entries of the shared cache stay there until they expire, but under no key in use. */
  dropCache(epoch: string): void {
    this.shared.enterEpoch(epoch);
    this.keySets.forget();
    this.remembered.forget();
    this.results.forget();
  }
}
