import { DatabaseSettings } from './database.settings.js';
import { DecisionSettings } from './decision.settings.js';
import { FhirSettingGroup } from './fhir.settings.js';
import { FirstStartSettings } from './first-start.settings.js';
import { GatewaySettingGroup } from './gateway.settings.js';
import { RuntimeSettings } from './runtime.settings.js';
import { SecuritySettings } from './security.settings.js';
import { settingsOf } from './setting.js';
import type { SettingGroup, SettingMetadata } from './setting.js';
import { ThrottleSettings } from './throttle.settings.js';
import { UpstreamAccessSettings } from './upstream-access.settings.js';
import { WebSettings } from './web.settings.js';

/** All settings under the headings of the documentation. */
export const SETTING_GROUPS: Readonly<Record<string, SettingGroup<object>>> = {
  Web: WebSettings,
  Security: SecuritySettings,
  Throttling: ThrottleSettings,
  Decisions: DecisionSettings,
  'First start': FirstStartSettings,
  Database: DatabaseSettings,
  FHIR: FhirSettingGroup,
  Gateway: GatewaySettingGroup,
  'Gateway: access': UpstreamAccessSettings,
  Runtime: RuntimeSettings,
};

/** Every setting by the name of its variable. */
export const SETTINGS: ReadonlyMap<string, SettingMetadata> = new Map(
  Object.values(SETTING_GROUPS)
    .flatMap((group) => [...settingsOf(group).values()])
    .map((setting) => [setting.variable, setting]),
);
