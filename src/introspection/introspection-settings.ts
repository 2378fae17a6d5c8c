/** What introspection needs from the configuration. */
export abstract class IntrospectionSettings {
  /** Hosts (`host` or `host:port`) that may be called by http and at private addresses; `*` is any. */
  abstract readonly allowedHosts: readonly string[];
  /** Whether `*` in `allowedHosts` counts. */
  abstract readonly devMode: boolean;
  /** Milliseconds for a whole call, connection and body included. */
  abstract readonly timeoutMs: number;
  /** Milliseconds for which a DPoP proof serves after it was made. */
  abstract readonly proofLifetimeMs: number;
  /** How many verified tokens are remembered at most; 0 remembers none. */
  abstract readonly rememberedTokens: number;
  /**
   * Authenticates entries of the shared cache. Undefined: a random one per process, so that
   * processes do not take over each other's entries.
   */
  abstract readonly cacheSecret: string | undefined;
}
