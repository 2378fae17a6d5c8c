/** What the files of TLS held at start, in PEM; what is absent is not configured. */
export interface UpstreamTlsTexts {
  readonly ca?: string | undefined;
  /** As `ca`, for the token endpoint. */
  readonly tokenCa?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** How Wardgate authenticates at the upstream, and tells it who asks. */
export interface UpstreamAccess {
  readonly auth:
    | 'none'
    | 'header'
    | 'client-credentials'
    | 'tls-client-auth'
    | 'private-key-jwt'
    | 'jwt-bearer'
    | 'pass-through';
  readonly authHeader: string;
  readonly authValue?: string;
  readonly authValueFile?: string;
  readonly tokenUrl?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly clientSecretFile?: string;
  readonly clientKeyFile?: string;
  readonly clientCertificateFile?: string;
  readonly clientKeyId?: string;
  readonly clientKeyAlgorithm: 'RS256' | 'RS384' | 'PS256' | 'ES256' | 'ES384';
  readonly scope?: string;
  readonly subject?: string;
  readonly caFile?: string;
  readonly tokenCaFile?: string;
  readonly certificateFile?: string;
  readonly certificateKeyFile?: string;
  readonly identity: 'none' | 'headers' | 'jwt';
  readonly identityKeyFile?: string;
}

/** What the gateway needs to know from the configuration. */
export abstract class GatewaySettings {
  /** Base URL of the FHIR server behind the gateway, without a trailing slash (FHIR_UPSTREAM_URL). */
  abstract readonly upstreamUrl: string;
  /** Further base URLs by which the upstream names itself in links, without a trailing slash. */
  abstract readonly otherUpstreamUrls: readonly string[];
  /** Base URL of Wardgate, without a trailing slash and without `/fhir` (BOX_WEB_BASE_URL). */
  abstract readonly baseUrl: string;
  /** Version of Wardgate, as the CapabilityStatement names it. */
  abstract readonly version: string;
  /** Milliseconds in which a connection must stand. */
  abstract readonly connectTimeoutMs: number;
  /** Milliseconds in which the headers of an answer must be there. */
  abstract readonly headersTimeoutMs: number;
  /** Milliseconds that may pass without a byte of the body. */
  abstract readonly bodyTimeoutMs: number;
  /** Connections that one instance keeps to the upstream; reads that are sent again may open as many more. */
  abstract readonly connections: number;
  /** Of these, those that one caller holds at once at most. */
  abstract readonly connectionsPerCaller: number;
  /** Names, without `$`, of operations that may be called besides those that Wardgate knows. */
  abstract readonly operations: readonly string[];
  /**
   * Whose `$everything` is passed: `types` of who may search each type as a whole, `compartment` of who may search
   * the compartment.
   */
  abstract readonly everything: 'types' | 'compartment';
  /** Whether searches have to be answered with the parameters that were used, in a `self` link. */
  abstract readonly selfLink: 'required' | 'checked' | 'ignored';
  abstract readonly tls: UpstreamTlsTexts;
  abstract readonly access: UpstreamAccess;
}
