import { isArray, isObject, type Json } from '../../policy/json.js';

/** One entry of `toScim`: a claim, and the path in the User that receives it. */
export interface ScimMapping {
  readonly claim: string;
  readonly path: readonly string[];
}

const TEXT_TARGETS: ReadonlySet<string> = new Set([
  ...['userName', 'email', 'phoneNumber', 'displayName'],
  ...['photo', 'locale', 'timezone', 'title', 'gender'],
]);
const NAME_TARGETS: ReadonlySet<string> = new Set([
  ...['formatted', 'familyName', 'givenName', 'middleName', 'honorificPrefix', 'honorificSuffix'],
]);
const MAX_MAPPINGS = 100;
const MAX_DEPTH = 8;
const MAX_NAME = 256;

/** Whether a path ends at an attribute that an identity provider may set (spec §3.5). */
export function isScimTarget([root = '', ...rest]: readonly string[]): boolean {
  if (root === 'data') return rest.length > 0;
  if (root === 'name') return rest.length === 1 && NAME_TARGETS.has(rest[0] ?? '');
  return rest.length === 0 && TEXT_TARGETS.has(root);
}

/** The entries of a stored `toScim`; none of a path that an identity provider may not set. */
export function parseScimMappings(toScim: Json | undefined): readonly ScimMapping[] {
  if (!isObject(toScim)) return [];
  return Object.entries(toScim)
    .slice(0, MAX_MAPPINGS)
    .flatMap(([claim, path]) => (isPath(path) && isScimTarget(path) ? [{ claim, path }] : []));
}

/** Why a `toScim` is not accepted, by claim. */
export function scimMappingProblems(
  toScim: Json | undefined,
): readonly { readonly claim: string; readonly problem: string }[] {
  if (!isObject(toScim)) return [];
  const entries = Object.entries(toScim);
  if (entries.length > MAX_MAPPINGS) {
    return [{ claim: '', problem: `At most ${MAX_MAPPINGS} claims can be mapped` }];
  }
  return entries.flatMap(([claim, path]) => {
    if (!isPath(path)) return [{ claim, problem: PATH_WANTED }];
    return isScimTarget(path) ? [] : [{ claim, problem: TARGET_WANTED }];
  });
}

const PATH_WANTED = 'A claim is mapped to a path, a list of names such as [name, givenName]';
const TARGET_WANTED = `A claim can be mapped to ${[...TEXT_TARGETS].join(', ')}, name.{${[...NAME_TARGETS].join(', ')}} and data.*`;

function isPath(value: Json): value is readonly string[] {
  return (
    isArray(value) && value.length > 0 && value.length <= MAX_DEPTH && value.every(isElementName)
  );
}

function isElementName(value: Json): boolean {
  return (
    typeof value === 'string' && value !== '' && value.length <= MAX_NAME && value !== '__proto__'
  );
}
