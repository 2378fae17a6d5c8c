import { readFileSync } from 'node:fs';
import { isAbsolute, normalize } from 'node:path';
import type { ConfigProblem } from './config-error.js';

/** Which resources may use an external secret; what is absent does not narrow. */
export interface VaultScope {
  readonly resourceType: string;
  readonly id?: string;
  /** The secret is sent to these URLs, and what lies below them, only. */
  readonly urls?: readonly string[];
}

/** A secret that lies in a file. */
export interface VaultSecret {
  readonly name: string;
  /** Absolute path of the file. */
  readonly path: string;
  /** One of them must admit a use. */
  readonly scopes: readonly VaultScope[];
}

/** The external secrets, and what is wrong with their configuration. */
export interface VaultReading {
  readonly secrets: readonly VaultSecret[];
  readonly problems: readonly ConfigProblem[];
}

const VARIABLE = 'BOX_VAULT_CONFIG';
const MAX_SECRETS = 256;
const MAX_SCOPES = 64;
const MAX_URLS = 16;
const MAX_PATH = 4096;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const ID = /^[A-Za-z0-9\-.]{1,64}$/;
const RESOURCE_TYPES = ['TokenIntrospector', 'IdentityProvider', 'Client'];

/**
 * Reads `{secret: {<name>: {path, scope: {resource_type[, id][, url]}}}}`, as JSON or from the file
 * whose path is given; a `scope` may be a list of scopes, any of which admits a use.
 */
export function readVaultConfig(text: string | undefined): VaultReading {
  if (text === undefined) return { secrets: Object.freeze([]), problems: [] };
  const problems: string[] = [];
  const secrets = secretsOf(jsonOf(text.trim(), problems), problems);
  return {
    secrets: Object.freeze(secrets),
    problems: problems.map((expected) => ({ variable: VARIABLE, expected })),
  };
}

type Members = Readonly<Record<string, unknown>>;

function jsonOf(text: string, problems: string[]): unknown {
  const json = text.startsWith('{') ? text : fileText(text, problems);
  if (json === undefined) return undefined;
  try {
    return JSON.parse(json);
  } catch {
    problems.push('must be JSON, or the absolute path of a file with it');
    return undefined;
  }
}

function fileText(path: string, problems: string[]): string | undefined {
  if (!isPlainPath(path)) {
    problems.push('must be JSON, or the absolute path of a file with it');
    return undefined;
  }
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    problems.push(`names a file that cannot be read (${(error as NodeJS.ErrnoException).code})`);
    return undefined;
  }
}

function secretsOf(config: unknown, problems: string[]): VaultSecret[] {
  // What cannot be parsed was reported already.
  if (config === undefined) return [];
  const root = membersOf(config, '', ['secret'], problems);
  const entries = Object.entries(membersOf(root['secret'], 'secret', undefined, problems));
  if (entries.length > MAX_SECRETS) {
    problems.push(`secret: at most ${MAX_SECRETS} secrets may be named`);
    return [];
  }
  return entries.map(([name, entry]) => secretOf(name, entry, problems));
}

function secretOf(name: string, entry: unknown, problems: string[]): VaultSecret {
  if (!NAME.test(name)) {
    problems.push(
      `secret: the name ${JSON.stringify(name.slice(0, 128))} must have 1 to 128 of A-Z a-z 0-9 . _ - and begin with a letter or digit`,
    );
  }
  const place = `secret.${name.slice(0, 128)}`;
  const members = membersOf(entry, place, ['path', 'scope'], problems);
  const { path } = members;
  if (typeof path !== 'string' || !isPlainPath(path)) {
    problems.push(`${place}.path: must be an absolute path without . and .. steps`);
  }
  return Object.freeze({
    name,
    path: typeof path === 'string' ? path : '',
    scopes: Object.freeze(scopesOf(members['scope'], `${place}.scope`, problems)),
  });
}

function scopesOf(value: unknown, place: string, problems: string[]): VaultScope[] {
  const scopes: unknown[] = Array.isArray(value) ? value : [value];
  if (scopes.length === 0 || scopes.length > MAX_SCOPES) {
    problems.push(`${place}: 1 to ${MAX_SCOPES} scopes must be given`);
    return [];
  }
  return scopes.map((scope) => scopeOf(scope, place, problems));
}

function scopeOf(value: unknown, place: string, problems: string[]): VaultScope {
  const members = membersOf(value, place, ['resource_type', 'id', 'url'], problems);
  const resourceType = RESOURCE_TYPES.find((type) => type === members['resource_type']);
  if (resourceType === undefined) {
    problems.push(`${place}.resource_type: allowed: ${RESOURCE_TYPES.join(', ')}`);
  }
  return Object.freeze({
    resourceType: resourceType ?? '',
    ...idOf(members['id'], place, problems),
    ...urlsOf(members['url'], place, problems),
  });
}

function idOf(id: unknown, place: string, problems: string[]): Pick<VaultScope, 'id'> {
  if (id === undefined) return {};
  if (typeof id === 'string' && ID.test(id)) return { id };
  problems.push(`${place}.id: must be the id of a resource`);
  return {};
}

function urlsOf(url: unknown, place: string, problems: string[]): Pick<VaultScope, 'urls'> {
  if (url === undefined) return {};
  const given: unknown[] = Array.isArray(url) ? url : [url];
  const urls = given.filter(isUrl);
  if (urls.length === 0 || urls.length > MAX_URLS || urls.length < given.length) {
    problems.push(`${place}.url: 1 to ${MAX_URLS} http or https URLs without query and fragment`);
  }
  return { urls: Object.freeze(urls) };
}

/** A misspelt member would widen a scope if it were passed over. */
function membersOf(
  value: unknown,
  place: string,
  allowed: readonly string[] | undefined,
  problems: string[],
): Members {
  const prefix = place === '' ? '' : `${place}: `;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    problems.push(`${prefix}must be an object`);
    return {};
  }
  const members = Object.assign(Object.create(null) as Record<string, unknown>, value);
  const unknown = Object.keys(members).filter((key) => allowed && !allowed.includes(key));
  for (const key of unknown.slice(0, MAX_SCOPES)) {
    problems.push(`${prefix}unknown member ${JSON.stringify(key.slice(0, 128))}`);
  }
  return members;
}

function isPlainPath(path: string): boolean {
  return (
    isAbsolute(path) && normalize(path) === path && !path.includes('\0') && path.length <= MAX_PATH
  );
}

function isUrl(value: unknown): value is string {
  if (typeof value !== 'string' || /[?#]/.test(value) || !URL.canParse(value)) return false;
  const { protocol, username, password } = new URL(value);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}
