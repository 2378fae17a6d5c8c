import type { FurtherParameter } from './definitions/r4-search-definitions.js';

/** What the clinical side needs to know from the configuration. */
export abstract class FhirSettings {
  /** Base URL of the server, without a trailing slash and without `/fhir` (BOX_WEB_BASE_URL). */
  abstract readonly baseUrl: string;
  /** What a batch or transaction may take, in ms (WARDGATE_BUNDLE_TIMEOUT). */
  abstract readonly bundleTimeoutMs: number;
  /** Version of Wardgate, as the CapabilityStatement names it. */
  abstract readonly version: string;
  /** Profiles by type that all resources of the type must conform to (WARDGATE_REQUIRED_PROFILES). */
  abstract readonly requiredProfiles: ReadonlyMap<string, readonly string[]>;
  /** Whether what claims a profile that is not known is refused (BOX_FHIR_VALIDATOR_STRICT_PROFILE_RESOLUTION). */
  abstract readonly refusesUnknownProfiles: boolean;
  /** Search parameters beyond those of R4 (WARDGATE_UPSTREAM_SEARCH_PARAMETERS); the built-in store has none. */
  abstract readonly furtherSearchParameters: readonly FurtherParameter[];
  /** Whether references must lead to resources that are there (WARDGATE_REFERENTIAL_INTEGRITY). */
  abstract readonly keepsReferentialIntegrity: boolean;
}
