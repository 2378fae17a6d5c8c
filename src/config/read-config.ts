import type { AppConfig, DatabaseConfig, DatabaseConnection } from './app-config.js';
import { ConfigError } from './config-error.js';
import { contradictions, refusedSwitches } from './contradictions.js';
import { DatabaseSettings } from './database.settings.js';
import { DecisionSettings } from './decision.settings.js';
import { previousSecretProblems } from './encrypt-secrets.js';
import { FhirSettingGroup } from './fhir.settings.js';
import { FirstStartSettings } from './first-start.settings.js';
import { GatewaySettingGroup } from './gateway.settings.js';
import { readGroup } from './read-group.js';
import type { Environment, Findings } from './read-group.js';
import { RuntimeSettings } from './runtime.settings.js';
import { SecuritySettings } from './security.settings.js';
import { storeOnlyProblems } from './store-only-settings.js';
import { ThrottleSettings } from './throttle.settings.js';
import { UpstreamAccessSettings } from './upstream-access.settings.js';
import { upstreamProblems, type UpstreamConfig } from './upstream-problems.js';
import { unknownVariables, weakChoices } from './setting-warnings.js';
import { readVaultConfig } from './vault-config.js';
import { WebSettings } from './web.settings.js';

/**
 * Reads, checks and freezes the settings.
 *
 * @throws ConfigError naming every variable that is wrong and what is allowed.
 */
export function readConfig(env: Environment = process.env): AppConfig {
  const findings: Findings = { problems: [], warnings: [] };
  const web = readGroup(WebSettings, env, findings);
  const security = readGroup(SecuritySettings, env, findings);
  const rules = rulesOf(env, findings);
  const firstStart = readGroup(FirstStartSettings, env, findings);
  const databaseSettings = readGroup(DatabaseSettings, env, findings);
  const upstream = upstreamOf(env, findings);
  const runtime = readGroup(RuntimeSettings, env, findings);
  const vault = readVaultConfig(security.vaultConfig);

  const problems = [
    ...findings.problems,
    ...refusedSwitches(env),
    ...contradictions(env, security),
    ...previousSecretProblems(security),
    ...upstreamProblems(upstream, web.baseUrl),
    ...storeOnlyProblems(rules.fhir, upstream.gateway),
    ...vault.problems,
  ];
  if (problems.length > 0) throw new ConfigError(problems);

  const database = databaseOf(databaseSettings, runtime);
  const weak = weakChoices({ security, firstStart, web });
  const warnings = Object.freeze([...findings.warnings, ...unknownVariables(env), ...weak]);
  return Object.freeze({
    web,
    security,
    ...rules,
    firstStart,
    database,
    ...upstream,
    runtime,
    externalSecrets: vault.secrets,
    warnings,
  });
}

/** What stands for itself: no other setting has to do with it. */
function rulesOf(
  env: Environment,
  findings: Findings,
): Pick<AppConfig, 'throttle' | 'decisions' | 'fhir'> {
  return {
    throttle: readGroup(ThrottleSettings, env, findings),
    decisions: readGroup(DecisionSettings, env, findings),
    fhir: readGroup(FhirSettingGroup, env, findings),
  };
}

function upstreamOf(env: Environment, findings: Findings): UpstreamConfig {
  return {
    gateway: readGroup(GatewaySettingGroup, env, findings),
    upstreamAccess: readGroup(UpstreamAccessSettings, env, findings),
  };
}

function databaseOf(settings: DatabaseSettings, runtime: RuntimeSettings): DatabaseConfig {
  return Object.freeze({
    connection: Object.freeze(connectionOf(settings, runtime)),
    poolSize: settings.poolSize,
    searches: Object.freeze({
      timeoutMs: settings.searchTimeoutMs,
      poolSize: settings.searchPoolSize,
    }),
    replica: Object.freeze({ url: settings.replicaUrl, patienceMs: settings.replicaPatienceMs }),
    policies: policiesOf(settings),
  });
}

function policiesOf(settings: DatabaseSettings): DatabaseConfig['policies'] {
  const { policyUrl, policyTimeoutMs, policyPoolSize } = settings;
  return Object.freeze({
    loginUrl: policyUrl,
    timeoutMs: policyTimeoutMs,
    poolSize: policyPoolSize,
  });
}

function connectionOf(settings: DatabaseSettings, runtime: RuntimeSettings): DatabaseConnection {
  const { url, host, port, user, password, database } = settings;
  if (url !== undefined) return { kind: 'url', url };
  if (host === undefined) return { kind: 'embedded', dataDir: runtime.dataDir };
  return {
    kind: 'server',
    host,
    port,
    user,
    database,
    ...(password === undefined ? {} : { password }),
  };
}
