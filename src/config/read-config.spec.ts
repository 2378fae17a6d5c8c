import { ConfigError } from './config-error.js';
import type { ConfigProblem } from './config-error.js';
import { readConfig } from './read-config.js';
import type { Environment } from './read-group.js';

function problemsOf(env: Environment): readonly ConfigProblem[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('readConfig', () => {
  it('starts from an empty environment with the documented defaults', () => {
    expect(readConfig({})).toMatchObject({
      web: {
        host: '0.0.0.0',
        port: 8080,
        baseUrl: 'http://localhost:8080',
        maxBodyBytes: 20_971_520,
        trustedProxies: [],
        corsEnabled: true,
        corsOrigins: [],
        isDocsPublic: true,
      },
      security: {
        isDevMode: false,
        isAdministrationStrict: true,
        introspectionCreatesUser: false,
        idpAllowedHosts: [],
        idpTimeoutMs: 3_000,
        masksSecrets: true,
        encryptSecret: undefined,
      },
      firstStart: { rootClientId: 'root', adminId: 'admin' },
      database: {
        connection: { kind: 'embedded', dataDir: './data' },
        poolSize: 16,
        searches: { poolSize: 8, timeoutMs: 10_000 },
        replica: { url: undefined, patienceMs: 50 },
      },
      runtime: {
        createdAtUrl: 'ex:createdAt',
        logLevel: 'info',
        shutdownGraceMs: 10_000,
        bundleTimeoutMs: 60_000,
      },
      warnings: [],
    });
  });

  it('derives the base URL from the port', () => {
    expect(readConfig({ BOX_WEB_PORT: '9090' }).web.baseUrl).toBe('http://localhost:9090');
  });

  it('takes the slash off the end of the base URL', () => {
    const env = { BOX_WEB_BASE_URL: 'https://gate.example.org/wardgate/' };

    expect(readConfig(env).web.baseUrl).toBe('https://gate.example.org/wardgate');
  });

  it('takes a variable that is set to nothing as not set', () => {
    const config = readConfig({ BOX_WEB_PORT: '', BOX_ROOT_CLIENT_SECRET: ' ' });

    expect(config.web.port).toBe(8080);
    expect(config.firstStart.rootClientSecret).toBeUndefined();
  });

  it('trims what is no secret and keeps secrets as they are', () => {
    const config = readConfig({ BOX_WEB_PORT: ' 9090\n', BOX_ROOT_CLIENT_SECRET: ' s ' });

    expect(config.web.port).toBe(9090);
    expect(config.firstStart.rootClientSecret).toBe(' s ');
  });

  it('ignores inherited properties of the environment', () => {
    expect(readConfig(Object.create({ BOX_WEB_PORT: '1' }) as Environment).web.port).toBe(8080);
  });

  it('splits lists at commas and white space, and lower-cases hosts', () => {
    const config = readConfig({
      BOX_WEB_TRUSTED_PROXIES: '10.0.0.0/8, ::1',
      BOX_SECURITY_IDP_ALLOWED_HOSTS: 'Keycloak other',
    });

    expect(config.web.trustedProxies).toEqual(['10.0.0.0/8', '::1']);
    expect(config.security.idpAllowedHosts).toEqual(['keycloak', 'other']);
  });

  it('is frozen at every level', () => {
    const config = readConfig({ BOX_SECURITY_CORS_ORIGINS: 'https://a.example' });

    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.values(config).every((value) => Object.isFrozen(value))).toBe(true);
    expect(Object.isFrozen(config.database.connection)).toBe(true);
    expect(Object.isFrozen(config.web.corsOrigins)).toBe(true);
  });

  it('reports every problem at once, with the value and what is allowed', () => {
    expect(problemsOf({ BOX_WEB_PORT: 'abc', BOX_SECURITY_MASK_SECRETS: 'yes' })).toEqual([
      { variable: 'BOX_WEB_PORT', value: 'abc', expected: 'allowed: an integer from 1 to 65535' },
      { variable: 'BOX_SECURITY_MASK_SECRETS', value: 'yes', expected: 'allowed: true or false' },
    ]);
  });

  it('reports problems of every group and contradictions together', () => {
    const problems = problemsOf({
      BOX_WEB_PORT: '0',
      BOX_SECURITY_DEV_MODE: '1',
      BOX_ADMIN_ID: 'a/b',
      BOX_DB_PORT: 'x',
      WARDGATE_LOG_LEVEL: 'loud',
    });

    expect(problems.map(({ variable }) => variable)).toEqual([
      'BOX_WEB_PORT',
      'BOX_SECURITY_DEV_MODE',
      'BOX_ADMIN_ID',
      'BOX_DB_PORT',
      'WARDGATE_LOG_LEVEL',
      'BOX_DB_HOST',
    ]);
  });

  it('never shows a secret, nor the credentials of a URL', () => {
    const env = {
      DATABASE_URL: 'mysql://u:hunter2@db/x',
      BOX_SECURITY_ENCRYPT_SECRET: 'hunter2',
      BOX_WEB_BASE_URL: 'https://u:hunter2@gate.example.org',
    };

    expect(problemsOf(env)).toHaveLength(3);
    expect(new ConfigError(problemsOf(env)).message).not.toContain('hunter2');
  });
});

describe('the database connection', () => {
  it('is the URL when one is given', () => {
    const url = 'postgres://u:p@db:5432/wardgate';

    expect(readConfig({ DATABASE_URL: url }).database.connection).toEqual({ kind: 'url', url });
  });

  it('is a server when a host is given', () => {
    const env = { BOX_DB_HOST: 'db', BOX_DB_PORT: '5433', BOX_DB_USER: 'u', BOX_DB_PASSWORD: 'p' };

    expect(readConfig(env).database.connection).toEqual({
      kind: 'server',
      host: 'db',
      port: 5433,
      user: 'u',
      password: 'p',
      database: 'wardgate',
    });
  });

  it('is refused when it is described twice', () => {
    const env = { DATABASE_URL: 'postgres://db/x', BOX_DB_HOST: 'db' };

    expect(problemsOf(env)).toMatchObject([{ variable: 'DATABASE_URL' }]);
  });

  it('is refused when the host is missing', () => {
    expect(problemsOf({ BOX_DB_PASSWORD: 'p' })).toMatchObject([{ variable: 'BOX_DB_HOST' }]);
  });
});
