import { readFileSync } from 'node:fs';
import type { AppConfig } from './app-config.js';
import type { ConfigProblem } from './config-error.js';
import type { UpstreamAccessSettings } from './upstream-access.settings.js';

/** The FHIR server behind Wardgate, if there is one. */
export type UpstreamConfig = Pick<AppConfig, 'gateway' | 'upstreamAccess'>;

/** What TLS to the upstream and to its token endpoint is made with, in PEM. */
export interface UpstreamTls {
  readonly ca?: string;
  readonly tokenCa?: string;
  readonly cert?: string;
  readonly key?: string;
}

const VARIABLES = {
  authValue: 'WARDGATE_UPSTREAM_AUTH_VALUE',
  authValueFile: 'WARDGATE_UPSTREAM_AUTH_VALUE_FILE',
  tokenUrl: 'WARDGATE_UPSTREAM_TOKEN_URL',
  clientId: 'WARDGATE_UPSTREAM_CLIENT_ID',
  clientSecret: 'WARDGATE_UPSTREAM_CLIENT_SECRET',
  clientSecretFile: 'WARDGATE_UPSTREAM_CLIENT_SECRET_FILE',
  clientKeyFile: 'WARDGATE_UPSTREAM_CLIENT_KEY_FILE',
  identityKeyFile: 'WARDGATE_UPSTREAM_IDENTITY_KEY_FILE',
  certificateFile: 'WARDGATE_UPSTREAM_CERTIFICATE_FILE',
} as const;

type Needed = keyof typeof VARIABLES;

/** Settings of the gateway that are well-formed one by one but cannot hold together. */
export function upstreamProblems(
  { gateway: { upstreamUrl }, upstreamAccess: access }: UpstreamConfig,
  baseUrl: string,
): ConfigProblem[] {
  if (upstreamUrl === undefined) return [];
  const problems = [...authenticationProblems(access), ...tlsProblems(access)];
  if (access.identity === 'jwt') problems.push(...missing(access, ['identityKeyFile']));
  if (`${upstreamUrl}/`.startsWith(`${baseUrl}/`)) {
    const expected =
      'is this server itself (BOX_WEB_BASE_URL); every request would come back to it';
    problems.push({ variable: 'FHIR_UPSTREAM_URL', expected });
  }
  return problems;
}

/**
 * The files of TLS, as they are at start.
 *
 * @throws Error of the file system; {@link upstreamProblems} reports what cannot be read
 */
export function readUpstreamTls(access: UpstreamAccessSettings): UpstreamTls {
  const { caFile, tokenCaFile, certificateFile, certificateKeyFile } = access;
  return Object.freeze({
    ...(caFile === undefined ? {} : { ca: readFileSync(caFile, 'utf8') }),
    ...(tokenCaFile === undefined ? {} : { tokenCa: readFileSync(tokenCaFile, 'utf8') }),
    ...(certificateFile === undefined ? {} : { cert: readFileSync(certificateFile, 'utf8') }),
    ...(certificateKeyFile === undefined ? {} : { key: readFileSync(certificateKeyFile, 'utf8') }),
  });
}

function authenticationProblems(access: UpstreamAccessSettings): ConfigProblem[] {
  switch (access.auth) {
    case 'none':
    case 'pass-through':
      return [];
    case 'header':
      return oneOf(access, 'authValue', 'authValueFile');
    case 'client-credentials':
      return [
        ...missing(access, ['tokenUrl', 'clientId']),
        ...oneOf(access, 'clientSecret', 'clientSecretFile'),
      ];
    case 'tls-client-auth':
      return [...missing(access, ['tokenUrl', 'clientId', 'certificateFile']), ...overTls(access)];
    case 'private-key-jwt':
    case 'jwt-bearer':
      return missing(access, ['tokenUrl', 'clientId', 'clientKeyFile']);
  }
}

function missing(access: UpstreamAccessSettings, names: readonly Needed[]): ConfigProblem[] {
  return names
    .filter((name) => access[name] === undefined)
    .map((name) => ({
      variable: VARIABLES[name],
      expected: 'is missing, and needed as it is set',
    }));
}

function overTls({ tokenUrl }: UpstreamAccessSettings): ConfigProblem[] {
  if (tokenUrl === undefined || tokenUrl.toLowerCase().startsWith('https:')) return [];
  return [{ variable: VARIABLES.tokenUrl, expected: 'begins with https: a certificate is shown' }];
}

function oneOf(access: UpstreamAccessSettings, one: Needed, other: Needed): ConfigProblem[] {
  if ((access[one] === undefined) !== (access[other] === undefined)) return [];
  return [{ variable: VARIABLES[one], expected: `is needed, or ${VARIABLES[other]}; not both` }];
}

function tlsProblems(access: UpstreamAccessSettings): ConfigProblem[] {
  const hasCertificate = access.certificateFile !== undefined;
  const problems: ConfigProblem[] = [];
  if (hasCertificate !== (access.certificateKeyFile !== undefined)) {
    const expected = 'and WARDGATE_UPSTREAM_CERTIFICATE_KEY_FILE belong together';
    problems.push({ variable: 'WARDGATE_UPSTREAM_CERTIFICATE_FILE', expected });
  }
  try {
    readUpstreamTls(access);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown failure';
    const expected = `or another file of TLS cannot be read (${code})`;
    problems.push({ variable: 'WARDGATE_UPSTREAM_CERTIFICATE_FILE', expected });
  }
  return problems;
}
