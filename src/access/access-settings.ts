import type { BodyLimits } from '../interactions/formats/body-limits.js';

/** What enforcement needs to know from the configuration. */
export abstract class AccessSettings {
  /** Whether searches are decided for each type that they reach, not only for the one they name. */
  abstract readonly decidesInlineSearches: boolean;
  /** Addresses and CIDR ranges whose forwarding headers count (BOX_WEB_TRUSTED_PROXIES). */
  abstract readonly trustedProxies: readonly string[];
  /** Under which clients reach Wardgate (BOX_WEB_BASE_URL), without a trailing slash. */
  abstract readonly baseUrl: string;
  /**
   * Bases of FHIR, without a trailing slash, whose resources a request names the shorter way as well: it is
   * decided and carried out as if it did.
   */
  abstract readonly localBases: readonly string[];
  /** Types that this server manages beyond R4: what looks like a reference in one may be a pattern. */
  abstract readonly systemTypes: readonly string[];
  /** Header in which trusted proxies report the client's certificate, in lower case; undefined: none. */
  abstract readonly clientCertificateHeader: string | undefined;
  /** Whether administration needs a policy that speaks of it (BOX_SECURITY_STRICT_ADMINISTRATION). */
  abstract readonly isStrictAdministration: boolean;
  /** Name of the cookie that introspectors of type aspxauth judge (BOX_SECURITY_ASPXAUTH_COOKIE). */
  abstract readonly aspxauthCookie: string;
  /** Origins of pages whose requests a cookie may authenticate: this server's own, and those of CORS. */
  abstract readonly trustedOrigins: readonly string[];
  abstract readonly bodyLimits: BodyLimits;
  /** Whether the tools for designing policies are open (BOX_SECURITY_DEV_MODE). */
  abstract readonly isDevMode: boolean;
  /** Whether administrators may act as others (BOX_SECURITY_DEBUG_SU_ENABLE). */
  abstract readonly allowsImpersonation: boolean;
}
