import { ConfigError } from './config-error.js';
import { readConfig } from './read-config.js';

const FILE = import.meta.filename;
const BASE = { FHIR_UPSTREAM_URL: 'http://hapi:8080/fhir' };
const CLIENT = {
  ...BASE,
  WARDGATE_UPSTREAM_TOKEN_URL: 'https://as.example/token',
  WARDGATE_UPSTREAM_CLIENT_ID: 'wardgate',
};
const SHOWN = {
  WARDGATE_UPSTREAM_CERTIFICATE_FILE: FILE,
  WARDGATE_UPSTREAM_CERTIFICATE_KEY_FILE: FILE,
};

/** Variables that a start is refused for. */
function refused(env: Readonly<Record<string, string>>): readonly string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ variable }) => variable);
    throw error;
  }
}

describe('the settings of the gateway', () => {
  it.each<[string, Readonly<Record<string, string>>]>([
    ['header', { ...BASE, WARDGATE_UPSTREAM_AUTH_VALUE: 'x' }],
    ['header', { ...BASE, WARDGATE_UPSTREAM_AUTH_VALUE_FILE: FILE }],
    ['client-credentials', { ...CLIENT, WARDGATE_UPSTREAM_CLIENT_SECRET: 'x' }],
    ['tls-client-auth', { ...CLIENT, ...SHOWN }],
    ['private-key-jwt', { ...CLIENT, WARDGATE_UPSTREAM_CLIENT_KEY_FILE: FILE }],
    ['jwt-bearer', { ...CLIENT, WARDGATE_UPSTREAM_CLIENT_KEY_FILE: FILE }],
    ['pass-through', BASE],
  ])('are complete: %s', (auth, env) => {
    expect(refused({ ...env, WARDGATE_UPSTREAM_AUTH: auth })).toEqual([]);
  });

  const withHttp = { WARDGATE_UPSTREAM_TOKEN_URL: 'http://as.example/token' };
  it.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    ['header', BASE, ['WARDGATE_UPSTREAM_AUTH_VALUE']],
    [
      'header',
      { ...BASE, WARDGATE_UPSTREAM_AUTH_VALUE: 'x', WARDGATE_UPSTREAM_AUTH_VALUE_FILE: FILE },
      ['WARDGATE_UPSTREAM_AUTH_VALUE'],
    ],
    [
      'client-credentials',
      BASE,
      [
        'WARDGATE_UPSTREAM_TOKEN_URL',
        'WARDGATE_UPSTREAM_CLIENT_ID',
        'WARDGATE_UPSTREAM_CLIENT_SECRET',
      ],
    ],
    ['tls-client-auth', CLIENT, ['WARDGATE_UPSTREAM_CERTIFICATE_FILE']],
    ['tls-client-auth', { ...CLIENT, ...SHOWN, ...withHttp }, ['WARDGATE_UPSTREAM_TOKEN_URL']],
    ['private-key-jwt', CLIENT, ['WARDGATE_UPSTREAM_CLIENT_KEY_FILE']],
    ['jwt-bearer', CLIENT, ['WARDGATE_UPSTREAM_CLIENT_KEY_FILE']],
    [
      'none',
      { ...BASE, WARDGATE_UPSTREAM_CERTIFICATE_FILE: FILE },
      ['WARDGATE_UPSTREAM_CERTIFICATE_FILE'],
    ],
    [
      'none',
      { ...BASE, WARDGATE_UPSTREAM_TOKEN_CA_FILE: '/nowhere/ca' },
      ['WARDGATE_UPSTREAM_CERTIFICATE_FILE'],
    ],
    [
      'none',
      { ...BASE, WARDGATE_UPSTREAM_IDENTITY: 'jwt' },
      ['WARDGATE_UPSTREAM_IDENTITY_KEY_FILE'],
    ],
    ['none', { ...BASE, BOX_WEB_BASE_URL: 'http://hapi:8080' }, ['FHIR_UPSTREAM_URL']],
  ])('are refused where something is missing or contradicts: %s, %j', (auth, env, expected) => {
    expect(refused({ ...env, WARDGATE_UPSTREAM_AUTH: auth })).toEqual(expected);
  });
});
