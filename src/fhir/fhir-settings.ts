/** What the clinical side needs to know from the configuration. */
export abstract class FhirSettings {
  /** Base URL of the server, without a trailing slash and without `/fhir` (BOX_WEB_BASE_URL). */
  abstract readonly baseUrl: string;
  /** Version of Wardgate, as the CapabilityStatement names it. */
  abstract readonly version: string;
}
