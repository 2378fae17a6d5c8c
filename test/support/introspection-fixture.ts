import type { Cache } from 'cache-manager';
import { createCache } from 'cache-manager';
import { Clock } from '../../src/introspection/clock.js';
import { IntrospectionCaches } from '../../src/introspection/introspection-caches.js';
import { IntrospectionSettings } from '../../src/introspection/introspection-settings.js';
import { IntrospectorRouter } from '../../src/introspection/introspector-router.js';
import { IntrospectorSource } from '../../src/introspection/introspector-source.js';
import { AspxauthStrategy } from '../../src/introspection/aspxauth/aspxauth.strategy.js';
import { JwtStrategy } from '../../src/introspection/jwt/jwt.strategy.js';
import { KeySets } from '../../src/introspection/jwt/key-sets.js';
import { RememberedTokens } from '../../src/introspection/jwt/remembered-tokens.js';
import { IntrospectionResults } from '../../src/introspection/opaque/introspection-results.js';
import { OpaqueStrategy } from '../../src/introspection/opaque/opaque.strategy.js';
import { OutboundHttp } from '../../src/introspection/outbound/outbound-http.js';
import type { Presentation } from '../../src/introspection/possession/presentation.js';
import { ProofOfPossession } from '../../src/introspection/possession/proof-of-possession.js';
import { UsedProofs } from '../../src/introspection/possession/used-proofs.js';
import { Strategies } from '../../src/introspection/strategies.js';
import { SealedCache } from '../../src/introspection/sealed-cache.js';
import type { JsonObject } from '../../src/policy/json.js';
import {
  parseTokenIntrospector,
  type TokenIntrospector,
} from '../../src/resources/token-introspector/token-introspector.js';

/** A clock that stands still until it is moved. */
export class TestClock extends Clock {
  constructor(private nowMs = Date.parse('2026-01-01T00:00:00Z')) {
    super();
  }

  now(): number {
    return this.nowMs;
  }

  advance(seconds: number): void {
    this.nowMs += seconds * 1000;
  }
}

/** Settings under which nothing but loopback may be called, with what a test wants otherwise. */
export class TestIntrospectionSettings extends IntrospectionSettings {
  readonly allowedHosts: readonly string[];
  readonly devMode: boolean;
  readonly timeoutMs: number;
  readonly proofLifetimeMs: number;
  readonly rememberedTokens: number;
  readonly cacheSecret: string | undefined;

  constructor(settings: Partial<IntrospectionSettings> = {}) {
    super();
    this.allowedHosts = settings.allowedHosts ?? [];
    this.devMode = settings.devMode ?? false;
    this.timeoutMs = settings.timeoutMs ?? 1000;
    this.proofLifetimeMs = settings.proofLifetimeMs ?? 60_000;
    this.rememberedTokens = settings.rememberedTokens ?? 100;
    this.cacheSecret = settings.cacheSecret;
  }
}

/** Introspectors in memory, as whoever stores them hands them out. */
export class TestIntrospectors extends IntrospectorSource {
  private current: readonly TokenIntrospector[] = [];

  all(): readonly TokenIntrospector[] {
    return this.current;
  }

  set(...resources: readonly object[]): void {
    this.current = resources.map((resource) => parseTokenIntrospector(resource as JsonObject));
  }
}

/** A bearer token that nothing proves the possession of. */
export const BEARER: Presentation = {
  scheme: 'bearer',
  evidence: {
    method: 'GET',
    proofs: () => [],
    isTarget: () => false,
    certificateThumbprint: () => undefined,
  },
};

/** Used proofs of one process, for as long as it lives. */
export class TestUsedProofs extends UsedProofs {
  private readonly digests = new Set<string>();

  add(digest: Uint8Array): Promise<boolean> {
    const before = this.digests.size;
    return Promise.resolve(this.digests.add(Buffer.from(digest).toString('hex')).size > before);
  }
}

/** Introspection put together by hand, with everything that a test wants to turn. */
export interface IntrospectionFixture {
  readonly clock: TestClock;
  readonly introspectors: TestIntrospectors;
  readonly router: IntrospectorRouter;
  readonly keySets: KeySets;
  readonly remembered: RememberedTokens;
  readonly results: IntrospectionResults;
  readonly caches: IntrospectionCaches;
  /** The state of a token, presented as a bearer token unless told otherwise. */
  introspect(
    token: string,
    presentation?: Presentation,
  ): ReturnType<IntrospectorRouter['introspect']>;
  /** The codes with which a token is refused; empty when it is accepted. */
  refusals(token: string, presentation?: Presentation): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/**
 * Builds introspection over a cache; two fixtures over one cache are two instances.
 *
 * @param http the way out, for tests that put an issuer in place of the network
 */
export function introspectionFixture(
  settings: Partial<IntrospectionSettings> = {},
  cache: Cache = createCache(),
  http = new OutboundHttp(new TestIntrospectionSettings(settings)),
): IntrospectionFixture {
  const all = new TestIntrospectionSettings(settings);
  const clock = new TestClock();
  const introspectors = new TestIntrospectors();
  const sealed = new SealedCache(cache, all);
  const keySets = new KeySets(http, sealed, clock);
  const results = new IntrospectionResults(http, sealed, clock);
  const remembered = new RememberedTokens(clock, all);
  const router = new IntrospectorRouter(
    introspectors,
    new Strategies(
      new JwtStrategy(keySets, remembered, clock),
      new OpaqueStrategy(results),
      new AspxauthStrategy(results),
    ),
    new ProofOfPossession(new TestUsedProofs(), clock, all),
    all,
  );
  return {
    clock,
    introspectors,
    router,
    keySets,
    remembered,
    results,
    caches: new IntrospectionCaches(sealed, keySets, remembered, results),
    introspect: (token, presentation = BEARER) => router.introspect(token, presentation),
    refusals: (token, presentation = BEARER) => refusalCodes(router, token, presentation),
    stop: () => http.onModuleDestroy(),
  };
}

async function refusalCodes(
  router: IntrospectorRouter,
  token: string,
  presentation: Presentation,
): Promise<readonly string[]> {
  const introspection = await router.introspect(token, presentation);
  return introspection.active ? [] : introspection.refusals.map(({ code }) => code);
}
