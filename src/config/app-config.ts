import type { DecisionSettings } from './decision.settings.js';
import type { FhirSettingGroup } from './fhir.settings.js';
import type { FirstStartSettings } from './first-start.settings.js';
import type { GatewaySettingGroup } from './gateway.settings.js';
import type { RuntimeSettings } from './runtime.settings.js';
import type { SecuritySettings } from './security.settings.js';
import type { ThrottleSettings } from './throttle.settings.js';
import type { UpstreamAccessSettings } from './upstream-access.settings.js';
import type { VaultSecret } from './vault-config.js';
import type { WebSettings } from './web.settings.js';

/** Where the resources are kept. */
export type DatabaseConnection =
  | { readonly kind: 'embedded'; readonly dataDir: string }
  | { readonly kind: 'url'; readonly url: string }
  | {
      readonly kind: 'server';
      readonly host: string;
      readonly port: number;
      readonly user: string;
      readonly password?: string;
      readonly database: string;
    };

/** The database and how many connections to it one instance opens for requests. */
export interface DatabaseConfig {
  readonly connection: DatabaseConnection;
  readonly poolSize: number;
  /** How searches ask the database, on connections of their own. */
  readonly searches: {
    readonly timeoutMs: number;
    readonly poolSize: number;
  };
  /** Where searches may be carried out besides, and how long they wait for it. */
  readonly replica: {
    readonly url: string | undefined;
    readonly patienceMs: number;
  };
  /** How policies with `engine: sql` ask the database. */
  readonly policies: {
    readonly loginUrl: string | undefined;
    readonly timeoutMs: number;
    readonly poolSize: number;
  };
}

/** Everything that the environment decides: validated, in milliseconds and bytes, frozen. */
export interface AppConfig {
  readonly web: WebSettings;
  readonly security: SecuritySettings;
  readonly throttle: ThrottleSettings;
  readonly decisions: DecisionSettings;
  readonly fhir: FhirSettingGroup;
  readonly firstStart: FirstStartSettings;
  readonly database: DatabaseConfig;
  readonly gateway: GatewaySettingGroup;
  readonly upstreamAccess: UpstreamAccessSettings;
  readonly runtime: RuntimeSettings;
  /** Secrets that lie in files (BOX_VAULT_CONFIG). */
  readonly externalSecrets: readonly VaultSecret[];
  /** One sentence each, for the log: what was ignored or should be changed. Without values. */
  readonly warnings: readonly string[];
}
