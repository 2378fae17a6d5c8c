import type { AppConfig } from './app-config.js';
import { REFUSED_SWITCHES } from './contradictions.js';
import { textOf } from './read-group.js';
import type { Environment } from './read-group.js';
import { SETTINGS } from './setting-groups.js';

/** Names that are Wardgate's to know; those of the test harness are not settings. */
const OWN_NAMES = /^(BOX_|WARDGATE_(?!TEST_))/;

/** One warning per variable that looks like a setting but is none, such as a misspelt one. */
export function unknownVariables(env: Environment): string[] {
  const known = new Set<string>(REFUSED_SWITCHES);
  for (const setting of SETTINGS.values()) {
    for (const name of [setting.variable, ...(setting.deprecated ?? [])]) known.add(name);
  }
  return Object.keys(env)
    .filter((name) => OWN_NAMES.test(name) && !known.has(name) && textOf(env, name) !== undefined)
    .sort()
    .map((name) => `${name} is not a setting of Wardgate and has no effect`);
}

/** One warning per choice that is valid but weaker than the default. */
export function weakChoices(config: Pick<AppConfig, 'security' | 'firstStart' | 'web'>): string[] {
  const { security, firstStart, web } = config;
  const shortest = security.userPasswordMinLength;
  const choices: readonly (readonly [boolean, string])[] = [
    [security.isDevMode, 'BOX_SECURITY_DEV_MODE is on: not for production'],
    [
      security.allowsImpersonation,
      'BOX_SECURITY_DEBUG_SU_ENABLE is on: administrators may act as any User or Client',
    ],
    [
      !security.isAdministrationStrict,
      'BOX_SECURITY_STRICT_ADMINISTRATION is off: any policy that allows a write may change policies',
    ],
    [!security.masksSecrets, 'BOX_SECURITY_MASK_SECRETS is off: reads answer secrets as stored'],
    [web.corsOrigins.includes('*'), 'BOX_SECURITY_CORS_ORIGINS allows every origin'],
    [
      (firstStart.adminPassword?.length ?? shortest) < shortest,
      'BOX_ADMIN_PASSWORD is shorter than BOX_SECURITY_USER_PASSWORD_MIN_LENGTH',
    ],
  ];
  return choices.filter(([isWeak]) => isWeak).map(([, warning]) => warning);
}
