import { hkdfSync } from 'node:crypto';
import { Global, Module, type DynamicModule, type Provider, type Type } from '@nestjs/common';
import { AccessSettings } from './access/access-settings.js';
import { relationsOf, SYSTEM_TYPES } from './app.types.js';
import { FirstStartSettings } from './access/first-start/first-start-settings.js';
import { ResourceTypeNames } from './access/explaining/resource-type-names.js';
import { ThrottleSettings } from './access/throttling/throttle-settings.js';
import { TracingSettings } from './access/tracing/tracing-settings.js';
import type { AppConfig } from './config/app-config.js';
import { previousEncryptSecrets } from './config/encrypt-secrets.js';
import { readUpstreamTls } from './config/upstream-problems.js';
import type { FurtherParameter } from './fhir/definitions/r4-search-definitions.js';
import { FhirSettings } from './fhir/fhir-settings.js';
import { RESOURCE_TYPES } from './fhir/resource-types.js';
import { SystemTypes } from './fhir/system-types.js';
import { GatewaySettings } from './gateway/gateway-settings.js';
import { tlsContexts } from './gateway/upstream/tls-context.js';
import { IdentitySettings } from './identity/identity-settings.js';
import { InitBundleSettings } from './interactions/bundle/init/init-bundle-settings.js';
import { DEFAULT_BODY_LIMITS } from './interactions/formats/body-limits.js';
import { StorageSettings } from './interactions/storage/storage-settings.js';
import { IntrospectionSettings } from './introspection/introspection-settings.js';
import { SqlPolicySettings } from './resources/access-policy/sql/sql-policy-settings.js';
import { ExternalSecretSettings } from './resources/secrets/external-secret-settings.js';
import { SystemResourceSettings } from './resources/system-resource-settings.js';
import { VERSION } from './version.js';

/** Hands every folder the part of the configuration that it declares a need for. */
@Global()
@Module({})
export class SettingsModule {
  static from(config: AppConfig): DynamicModule {
    const providers = settingsOf(config);
    return { module: SettingsModule, providers, exports: providers };
  }
}

function settingsOf(config: AppConfig): Provider[] {
  const { web, security, runtime } = config;
  return [
    provide(AccessSettings, accessSettings(config)),
    provide(ThrottleSettings, throttleSettings(config)),
    provide(TracingSettings, config.decisions),
    provide(StorageSettings, {
      createdAtUrl: runtime.createdAtUrl,
      encryptSecret: security.encryptSecret,
      previousEncryptSecrets: previousEncryptSecrets(security),
    }),
    provide(SystemResourceSettings, {
      baseUrl: web.baseUrl,
      masksSecrets: security.masksSecrets,
      passwordMinLength: security.userPasswordMinLength,
    }),
    provide(ExternalSecretSettings, { secrets: config.externalSecrets }),
    provide(IntrospectionSettings, introspectionSettings(security)),
    provide(IdentitySettings, {
      createsUsers: security.introspectionCreatesUser,
      refreshUsersAfterMs: security.userRefreshAgeMs,
    }),
    provide(FirstStartSettings, firstStartSettings(config)),
    provide(InitBundleSettings, {
      location: config.firstStart.initBundle,
      hasClinicalResources: config.gateway.upstreamUrl === undefined,
    }),
    provide(SqlPolicySettings, sqlPolicySettings(config)),
    provide(FhirSettings, fhirSettings(config)),
    ...gatewaySettings(config),
    provide(SystemTypes, { names: SYSTEM_TYPES }),
    provide(ResourceTypeNames, { names: [...RESOURCE_TYPES.keys()] }),
  ];
}

function fhirSettings({ web, fhir, runtime, gateway }: AppConfig): FhirSettings {
  const requiredProfiles = new Map<string, string[]>();
  for (const pair of fhir.requiredProfiles) {
    const [type = '', canonical = ''] = pair.split('=');
    requiredProfiles.set(type, [...(requiredProfiles.get(type) ?? []), canonical]);
  }
  return {
    baseUrl: web.baseUrl,
    bundleTimeoutMs: runtime.bundleTimeoutMs,
    version: VERSION,
    requiredProfiles,
    refusesUnknownProfiles: fhir.refusesUnknownProfiles,
    furtherSearchParameters:
      gateway.upstreamUrl === undefined ? [] : gateway.searchParameters.map(furtherParameter),
    keepsReferentialIntegrity: fhir.keepsReferentialIntegrity,
  };
}

/** As the setting writes it, `Type.name:kind[:Target|Target]`. */
function furtherParameter(text: string): FurtherParameter {
  const [element = '', kind = '', targets] = text.split(':');
  const [type = '', name = ''] = element.split('.');
  return { type, name, kind: kind as FurtherParameter['kind'], targets: targets?.split('|') ?? [] };
}

function accessSettings({ web, security, gateway }: AppConfig): AccessSettings {
  return {
    trustedProxies: web.trustedProxies,
    baseUrl: web.baseUrl,
    localBases: localBases({ web, gateway }),
    systemTypes: SYSTEM_TYPES,
    clientCertificateHeader: web.clientCertificateHeader?.toLowerCase(),
    decidesInlineSearches: security.authorizesInlineSearches,
    isStrictAdministration: security.isAdministrationStrict,
    isDevMode: security.isDevMode,
    allowsImpersonation: security.allowsImpersonation,
    aspxauthCookie: security.aspxauthCookie,
    trustedOrigins: trustedOrigins(web),
    bodyLimits: { ...DEFAULT_BODY_LIMITS, maxBytes: web.maxBodyBytes },
  };
}

/** The address of this server, and those that an upstream may take for its own. */
function localBases({ web, gateway }: Pick<AppConfig, 'web' | 'gateway'>): readonly string[] {
  const { upstreamUrl, otherUpstreamUrls } = gateway;
  const behind = upstreamUrl === undefined ? [] : [upstreamUrl, ...otherUpstreamUrls];
  return [`${web.baseUrl}/fhir`, ...behind.map(withoutSlash)];
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}

function introspectionSettings(security: AppConfig['security']): IntrospectionSettings {
  return {
    allowedHosts: security.idpAllowedHosts,
    devMode: security.isDevMode,
    timeoutMs: security.idpTimeoutMs,
    proofLifetimeMs: security.proofLifetimeMs,
    rememberedTokens: security.rememberedTokens,
    cacheSecret: cacheSecret(security.encryptSecret),
  };
}

/** None while clinical resources are in the built-in store. */
function gatewaySettings({ gateway, upstreamAccess, web }: AppConfig): Provider[] {
  const { upstreamUrl } = gateway;
  if (upstreamUrl === undefined) return [];
  const { otherUpstreamUrls, connectTimeoutMs, headersTimeoutMs, bodyTimeoutMs } = gateway;
  const { connections, connectionsPerCaller = Math.ceil(connections / 4) } = gateway;
  const { operations, everything, selfLink } = gateway;
  const tls = readUpstreamTls(upstreamAccess);
  // Before anything is opened that would have to be closed.
  tlsContexts(tls);
  const settings = {
    upstreamUrl,
    otherUpstreamUrls: otherUpstreamUrls.map(withoutSlash),
    baseUrl: web.baseUrl,
    version: VERSION,
    connectTimeoutMs,
    headersTimeoutMs,
    bodyTimeoutMs,
    connections,
    connectionsPerCaller,
    operations,
    everything,
    selfLink,
    tls,
    access: upstreamAccess,
  };
  return [provide(GatewaySettings, settings)];
}

function sqlPolicySettings(config: AppConfig): SqlPolicySettings {
  return { ...relationsOf(config), timeoutMs: config.database.policies.timeoutMs };
}

function throttleSettings({ security, throttle }: AppConfig): ThrottleSettings {
  const { failures, addressFailures, accountFailures, windowMs, blockMs } = throttle;
  return {
    failures,
    addressFailures,
    accountFailures,
    windowMs,
    blockMs,
    keySecret: throttleSecret(security.encryptSecret),
  };
}

/** A wildcard is no origin to trust: cookies never go along with it. */
function trustedOrigins({ baseUrl, corsEnabled, corsOrigins }: AppConfig['web']): string[] {
  const foreign = corsEnabled ? corsOrigins.filter((origin) => origin !== '*') : [];
  return [new URL(baseUrl).origin, ...foreign];
}

function firstStartSettings({ firstStart, runtime }: AppConfig): FirstStartSettings {
  const { rootClientId, rootClientSecret, adminId, adminPassword } = firstStart;
  return {
    rootClientId,
    adminId,
    dataDir: runtime.dataDir,
    ...(rootClientSecret === undefined ? {} : { rootClientSecret }),
    ...(adminPassword === undefined ? {} : { adminPassword }),
  };
}

function provide<T>(token: abstract new () => T, value: T): Provider {
  return { provide: token as Type<T>, useValue: Object.freeze(value) };
}

function cacheSecret(encryptSecret: string | undefined): string | undefined {
  return encryptSecret === undefined ? undefined : derived(encryptSecret, 'shared cache');
}

/** Without a secret all instances still count under the same names, which then hide nothing. */
function throttleSecret(encryptSecret: string | undefined): string {
  return derived(encryptSecret ?? '', 'failed attempts');
}

/** Another key than the one for secrets at rest, so that no use weakens another. */
function derived(secret: string, use: string): string {
  return Buffer.from(hkdfSync('sha256', secret, 'wardgate', use, 32)).toString('base64url');
}
