import { Module } from '@nestjs/common';
import { IntrospectorCheck } from './check/introspector-check.js';
import { CacheMetrics } from './cache-metrics.js';
import { AspxauthStrategy } from './aspxauth/aspxauth.strategy.js';
import { Clock, SystemClock } from './clock.js';
import { IntrospectionCaches } from './introspection-caches.js';
import { IntrospectionMetrics } from './introspection-metrics.js';
import { IntrospectorRouter } from './introspector-router.js';
import { JwtStrategy } from './jwt/jwt.strategy.js';
import { KeySets } from './jwt/key-sets.js';
import { RememberedTokens } from './jwt/remembered-tokens.js';
import { IntrospectionResults } from './opaque/introspection-results.js';
import { OpaqueStrategy } from './opaque/opaque.strategy.js';
import { OutboundModule } from './outbound/outbound.module.js';
import { ProofOfPossession } from './possession/proof-of-possession.js';
import { Strategies } from './strategies.js';
import { SealedCache } from './sealed-cache.js';

/**
 * Foreign tokens → claims. The composition root makes `IntrospectorSource`, `UsedProofs`,
 * `IntrospectionSettings` and `CACHE_MANAGER` visible to it, by global modules.
 */
@Module({
  imports: [OutboundModule],
  providers: [
    { provide: Clock, useClass: SystemClock },
    CacheMetrics,
    SealedCache,
    IntrospectionMetrics,
    KeySets,
    RememberedTokens,
    JwtStrategy,
    IntrospectionResults,
    OpaqueStrategy,
    AspxauthStrategy,
    Strategies,
    IntrospectionCaches,
    ProofOfPossession,
    IntrospectorRouter,
    IntrospectorCheck,
  ],
  exports: [
    IntrospectorRouter,
    IntrospectorCheck,
    IntrospectionCaches,
    IntrospectionMetrics,
    OutboundModule,
    KeySets,
    RememberedTokens,
  ],
})
export class IntrospectionModule {}
