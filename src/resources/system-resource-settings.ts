/** What system resources need to know from the configuration. */
export abstract class SystemResourceSettings {
  /** Base URL of the server, without a trailing slash (BOX_WEB_BASE_URL). */
  abstract readonly baseUrl: string;
  /** Whether secrets are write-only (BOX_SECURITY_MASK_SECRETS). */
  abstract readonly masksSecrets: boolean;
  /** Shortest password, in characters, that a User may be given in clear. */
  abstract readonly passwordMinLength: number;
}
