import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ConfigError } from './config-error.js';
import { readConfig } from './read-config.js';
import { SETTINGS } from './setting-groups.js';
import { settingsTable } from './settings-table.js';

/** Per variable: texts that are accepted and texts that are refused. */
const BOUNDS: Readonly<Record<string, { accepted: string[]; refused: string[] }>> = {
  BOX_WEB_HOST: { accepted: ['127.0.0.1', '::', 'localhost'], refused: ['http://x', 'a b'] },
  BOX_WEB_PORT: { accepted: ['1', '65535'], refused: ['0', '65536', '8080.5', '-1', '0x50'] },
  BOX_WEB_BASE_URL: {
    accepted: ['https://gate.example.org', 'http://wardgate:8080/gate'],
    refused: ['gate.example.org', 'ftp://x', 'http://u:p@x', 'http://x/?q', 'http://x/#f'],
  },
  BOX_WEB_MAX_BODY: { accepted: ['1024', '268435456'], refused: ['1023', '268435457', '20MB'] },
  BOX_WEB_TRUSTED_PROXIES: {
    accepted: ['10.0.0.1', '10.0.0.0/8', '192.168.1.1/32', '::1', 'fd00::/8', '::1/128'],
    refused: ['*', 'proxy', '0.0.0.0/0', '::/0', '10.0.0.0/33', '::1/129', '10.0.0.0/8/8', '10.1'],
  },
  BOX_SECURITY_CORS_ENABLED: { accepted: ['true', 'false'], refused: ['1', 'TRUE'] },
  BOX_SECURITY_CORS_ORIGINS: {
    accepted: ['https://app.example.org', 'http://localhost:3000', '*'],
    refused: ['https://app.example.org/', 'app.example.org', 'null', 'ftp://x', '*.example.org'],
  },
  WARDGATE_DOCS_PUBLIC: { accepted: ['false'], refused: ['no'] },
  BOX_SECURITY_DEV_MODE: { accepted: ['true', 'false'], refused: ['on'] },
  BOX_SECURITY_DEBUG_SU_ENABLE: { accepted: ['true', 'false'], refused: ['su'] },
  BOX_SECURITY_STRICT_ADMINISTRATION: { accepted: ['true', 'false'], refused: ['strict'] },
  BOX_FHIR_SEARCH_AUTHORIZE_INLINE_REQUESTS: { accepted: ['true', 'false'], refused: ['inline'] },
  WARDGATE_REQUIRED_PROFILES: {
    accepted: ['Patient=http://x.example/p|1,User=urn:u', ''],
    refused: ['http://x.example/p', 'patient=urn:p', 'Patient=p', 'Patient='],
  },
  WARDGATE_REFERENTIAL_INTEGRITY: { accepted: ['true', 'false'], refused: ['yes'] },
  BOX_FHIR_VALIDATOR_STRICT_PROFILE_RESOLUTION: {
    accepted: ['true', 'false'],
    refused: ['strict'],
  },
  BOX_SECURITY_INTROSPECTION_CREATE_USER: { accepted: ['true', 'false'], refused: ['yes'] },
  WARDGATE_USER_REFRESH_AGE: { accepted: ['1s', '8760h'], refused: ['999ms', '8761h', '1d'] },
  BOX_SECURITY_IDP_ALLOWED_HOSTS: {
    accepted: ['keycloak', 'keycloak:8180', 'idp.example.org', '10.0.0.1', '::1', '*'],
    refused: ['http://keycloak', 'idp:0', 'idp:65536', '*.example.org', '-x', 'a/b', '[::1]:80'],
  },
  BOX_SECURITY_ASPXAUTH_COOKIE: {
    accepted: ['.ASPXAUTH', '__Host-auth', 'x'.repeat(128)],
    refused: ['a b', 'a=b', 'a;b', 'a,b', '"a"', 'ä', 'x'.repeat(129)],
  },
  WARDGATE_IDP_TIMEOUT: { accepted: ['100ms', '3s', '1m'], refused: ['99ms', '61s', '3', '3 s'] },
  WARDGATE_DPOP_PROOF_LIFETIME: { accepted: ['1s', '10m'], refused: ['999ms', '601s', '60'] },
  WARDGATE_CLIENT_CERTIFICATE_HEADER: {
    accepted: ['client-cert', 'X-SSL-Client-Cert', 'x-forwarded-client-cert'],
    refused: ['x-real-ip', 'authorization', 'client-cert-chain', 'ssl-client-verify'],
  },
  WARDGATE_REMEMBERED_TOKENS: { accepted: ['0', '1000000'], refused: ['1000001', '-1'] },
  BOX_SECURITY_MASK_SECRETS: { accepted: ['true', 'false'], refused: ['0'] },
  BOX_SECURITY_ENCRYPT_SECRET: { accepted: ['x'.repeat(32)], refused: ['x'.repeat(31)] },
  BOX_SECURITY_ENCRYPT_SECRET_PREVIOUS: {
    accepted: ['x'.repeat(32), JSON.stringify(['x'.repeat(32), 'y'.repeat(40)])],
    refused: ['x'.repeat(31), `[${'x'.repeat(40)}`, JSON.stringify(['x'.repeat(31), 'short'])],
  },
  BOX_VAULT_CONFIG: {
    accepted: [
      '{"secret":{}}',
      '{"secret":{"s":{"path":"/run/secrets/s","scope":{"resource_type":"Client"}}}}',
    ],
    refused: ['{', '[]', 'vault.json', '/no/such/vault.json', '{"secret":{"s":{"path":"/s"}}}'],
  },
  BOX_SECURITY_USER_PASSWORD_MIN_LENGTH: { accepted: ['1', '128'], refused: ['0', '129'] },
  BOX_SECURITY_THROTTLE_FAILURES: { accepted: ['1', '1000'], refused: ['0', '1001', 'off'] },
  BOX_SECURITY_THROTTLE_ADDRESS_FAILURES: { accepted: ['1', '100000'], refused: ['0', '100001'] },
  BOX_SECURITY_THROTTLE_ACCOUNT_FAILURES: { accepted: ['1', '100000'], refused: ['0', '100001'] },
  BOX_SECURITY_THROTTLE_WINDOW: {
    accepted: ['1s', '24h'],
    refused: ['0s', '25h', '900', '1500ms'],
  },
  BOX_SECURITY_THROTTLE_BLOCK: { accepted: ['1s', '24h'], refused: ['0s', '25h', '900', '1500ms'] },
  WARDGATE_DECISION_TRACES: { accepted: ['0', '1000000'], refused: ['-1', '1000001'] },
  WARDGATE_DECISION_TRACE_MEMORY: {
    accepted: ['1048576', '4294967296'],
    refused: ['1048575', '4294967297', '64MB'],
  },
  WARDGATE_DENIAL_RETENTION: { accepted: ['0s', '8760h'], refused: ['8761h', '30d', '30'] },
  WARDGATE_STORED_DENIALS: { accepted: ['1000', '10000000'], refused: ['999', '10000001'] },
  BOX_ROOT_CLIENT_ID: { accepted: ['my-root.1', 'x'.repeat(64)], refused: ['a_b', 'x'.repeat(65)] },
  BOX_ROOT_CLIENT_SECRET: { accepted: ['s'], refused: [] },
  BOX_ADMIN_ID: { accepted: ['admin'], refused: ['User/admin'] },
  BOX_ADMIN_PASSWORD: { accepted: ['p'], refused: [] },
  BOX_INIT_BUNDLE: {
    accepted: ['./init.json', '/etc/init.json', 'file:///etc/init.json', 'https://x.org/init.json'],
    refused: ['http://x.org/init.json', 'file://host/init.json', 's3://bucket/init.json'],
  },
  DATABASE_URL: {
    accepted: ['postgres://db/x', 'postgresql://u:p@db/x', 'postgres:///x?host=/tmp'],
    refused: ['mysql://db/x', 'db'],
  },
  BOX_DB_HOST: { accepted: ['db', '/var/run/postgresql'], refused: [] },
  BOX_DB_PORT: { accepted: ['5433'], refused: ['0', '65536'] },
  BOX_DB_USER: { accepted: ['wardgate'], refused: [] },
  BOX_DB_PASSWORD: { accepted: ['p'], refused: [] },
  BOX_DB_DATABASE: { accepted: ['fhir'], refused: [] },
  BOX_DB_POOL_MAXIMUM_POOL_SIZE: { accepted: ['2', '1000'], refused: ['1', '1001'] },
  WARDGATE_SEARCH_POOL_SIZE: { accepted: ['1', '1000'], refused: ['0', '1001'] },
  WARDGATE_SEARCH_TIMEOUT: { accepted: ['10ms', '5m'], refused: ['9ms', '301s', '500'] },
  DATABASE_REPLICA_URL: {
    accepted: ['postgres://replica/x', 'postgresql://u:p@replica/x'],
    refused: ['mysql://db/x', 'replica'],
  },
  WARDGATE_REPLICA_PATIENCE: { accepted: ['0s', '5s', '20ms'], refused: ['5001ms', '1m', '20'] },
  BOX_DB_POLICY_URL: {
    accepted: ['postgres://p:q@db/x', 'postgres://p@/x?host=/tmp'],
    refused: ['mysql://db/x', 'db'],
  },
  WARDGATE_SQL_POLICY_TIMEOUT: { accepted: ['10ms', '30s'], refused: ['9ms', '31s', '500'] },
  WARDGATE_SQL_POLICY_POOL_SIZE: { accepted: ['1', '100'], refused: ['0', '101'] },
  WARDGATE_DATA_DIR: { accepted: ['/var/lib/wardgate'], refused: [] },
  REDIS_URL: { accepted: ['redis://r:6379', 'rediss://:p@r/1'], refused: ['http://r', 'r:6379'] },
  BOX_FHIR_CREATEDAT_URL: { accepted: ['https://x.org/created'], refused: ['created', 'ex:a b'] },
  WARDGATE_LOG_LEVEL: { accepted: ['fatal', 'trace'], refused: ['verbose', 'silent'] },
  WARDGATE_BUNDLE_TIMEOUT: { accepted: ['1s', '1h'], refused: ['999ms', '3601s', '60'] },
  FHIR_UPSTREAM_URL: {
    accepted: ['https://fhir.example.org/r4', 'http://hapi:8080/fhir'],
    refused: ['fhir', 'ftp://x', 'http://u:p@x', 'http://x/?q', 'http://x/#f'],
  },
  WARDGATE_UPSTREAM_OTHER_URLS: {
    accepted: ['http://a/b,https://c'],
    refused: ['a', 'http://x?q'],
  },
  WARDGATE_UPSTREAM_CONNECT_TIMEOUT: { accepted: ['100ms', '1m'], refused: ['99ms', '61s', '3'] },
  WARDGATE_UPSTREAM_HEADERS_TIMEOUT: {
    accepted: ['100ms', '1h'],
    refused: ['99ms', '3601s', '30'],
  },
  WARDGATE_UPSTREAM_BODY_TIMEOUT: { accepted: ['100ms', '1h'], refused: ['99ms', '3601s', '30'] },
  WARDGATE_UPSTREAM_CONNECTIONS: { accepted: ['1', '10000'], refused: ['0', '10001'] },
  WARDGATE_UPSTREAM_CONNECTIONS_PER_CALLER: { accepted: ['1', '10000'], refused: ['0', '10001'] },
  WARDGATE_UPSTREAM_AUTH: { accepted: ['none', 'pass-through', 'header'], refused: ['basic'] },
  WARDGATE_UPSTREAM_AUTH_HEADER: { accepted: ['X-Api-Key'], refused: ['x y', 'x:', '-x'] },
  WARDGATE_UPSTREAM_AUTH_VALUE: { accepted: ['Bearer x'], refused: ['ü', 'x'.repeat(8193)] },
  WARDGATE_UPSTREAM_TOKEN_URL: { accepted: ['https://as/token'], refused: ['as', 'https://as?x'] },
  WARDGATE_UPSTREAM_CLIENT_ID: { accepted: ['w'], refused: ['x'.repeat(1025)] },
  WARDGATE_UPSTREAM_CLIENT_SECRET: { accepted: ['s'], refused: ['x'.repeat(8193)] },
  WARDGATE_UPSTREAM_CLIENT_KEY_ID: { accepted: ['k'], refused: ['x'.repeat(257)] },
  WARDGATE_UPSTREAM_CLIENT_KEY_ALGORITHM: { accepted: ['RS384', 'ES256'], refused: ['HS256'] },
  WARDGATE_UPSTREAM_SCOPE: { accepted: ['system/*.rs a'], refused: ['x'.repeat(2049)] },
  WARDGATE_UPSTREAM_IDENTITY: { accepted: ['none', 'headers', 'jwt'], refused: ['cookie'] },
  WARDGATE_UPSTREAM_AUTH_VALUE_FILE: { accepted: ['/run/secrets/x'], refused: ['x', './x'] },
  WARDGATE_UPSTREAM_CLIENT_SECRET_FILE: { accepted: ['/run/secrets/x'], refused: ['x', './x'] },
  WARDGATE_UPSTREAM_CLIENT_KEY_FILE: { accepted: ['/run/secrets/x'], refused: ['x', './x'] },
  WARDGATE_UPSTREAM_CA_FILE: { accepted: ['/run/secrets/x'], refused: ['x', './x'] },
  WARDGATE_UPSTREAM_CLIENT_CERTIFICATE_FILE: {
    accepted: ['/run/secrets/x'],
    refused: ['x', './x'],
  },
  WARDGATE_UPSTREAM_SUBJECT: { accepted: ['user@example.org'], refused: ['x'.repeat(1025)] },
  WARDGATE_UPSTREAM_TOKEN_CA_FILE: { accepted: ['/run/secrets/x'], refused: ['x', './x'] },
  WARDGATE_UPSTREAM_CERTIFICATE_FILE: { accepted: ['/run/secrets/x'], refused: ['x', './x'] },
  WARDGATE_UPSTREAM_CERTIFICATE_KEY_FILE: { accepted: ['/run/secrets/x'], refused: ['x', './x'] },
  WARDGATE_UPSTREAM_IDENTITY_KEY_FILE: { accepted: ['/run/secrets/x'], refused: ['x', './x'] },
  WARDGATE_UPSTREAM_SEARCH_PARAMETERS: {
    accepted: ['Patient.race:token', 'Task.kit:reference:Device|Group,Patient.x-y:date'],
    refused: [
      'race:token',
      'Patient.race',
      'Patient.race:code',
      'Task.kit:reference',
      'Patient._x:uri',
    ],
  },
  WARDGATE_UPSTREAM_EVERYTHING: { accepted: ['types', 'compartment'], refused: ['all', 'Types'] },
  WARDGATE_UPSTREAM_SELF_LINK: { accepted: ['required', 'checked', 'ignored'], refused: ['none'] },
  WARDGATE_UPSTREAM_OPERATIONS: { accepted: ['lastn,x-y'], refused: ['$lastn', 'a/b', '-a'] },
  WARDGATE_SHUTDOWN_GRACE: { accepted: ['0s', '5m', '500ms'], refused: ['301s', '1h', '10'] },
};

/** A host beside the settings of the server, whose absence would be a problem of its own. */
function environment(variable: string, text: string): Record<string, string> {
  const isServer = /^BOX_DB_(PORT|USER|PASSWORD|DATABASE)$/.test(variable);
  const isPrevious = variable === 'BOX_SECURITY_ENCRYPT_SECRET_PREVIOUS';
  return {
    ...(isServer ? { BOX_DB_HOST: 'db' } : {}),
    ...(isPrevious ? { BOX_SECURITY_ENCRYPT_SECRET: 'z'.repeat(32) } : {}),
    [variable]: text,
    ...devMode(text),
  };
}

function devMode(text: string): Record<string, string> {
  return text === '*' ? { BOX_SECURITY_DEV_MODE: 'true' } : {};
}

describe('the settings', () => {
  it('each have bounds in this table', () => {
    expect([...SETTINGS.keys()].sort()).toEqual(Object.keys(BOUNDS).sort());
  });

  const accepted = Object.entries(BOUNDS).flatMap(([variable, bounds]) =>
    bounds.accepted.map((text) => ({ variable, text })),
  );
  it.each(accepted)('accept $variable=$text', ({ variable, text }) => {
    expect(() => readConfig(environment(variable, text))).not.toThrow();
  });

  const refused = Object.entries(BOUNDS).flatMap(([variable, bounds]) =>
    bounds.refused.map((text) => ({ variable, text })),
  );
  it.each(refused)('refuse $variable=$text', ({ variable, text }) => {
    expect(() => readConfig(environment(variable, text))).toThrow(ConfigError);
    expect(() => readConfig(environment(variable, text))).toThrow(`- ${variable}`);
  });

  it('are described in docs/settings.md as declared (npm run docs:settings)', () => {
    const path = join(import.meta.dirname, '../../docs/settings.md');

    expect(readFileSync(path, 'utf8')).toContain(settingsTable());
  });
});
