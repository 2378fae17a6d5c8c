/** What the clinical side needs to know from the configuration. */
export abstract class FhirSettings {
  /** Base URL of the server, without a trailing slash and without `/fhir` (BOX_WEB_BASE_URL). */
  abstract readonly baseUrl: string;
  /** What a batch or transaction may take, in ms (WARDGATE_BUNDLE_TIMEOUT). */
  abstract readonly bundleTimeoutMs: number;
  /** Version of Wardgate, as the CapabilityStatement names it. */
  abstract readonly version: string;
}
