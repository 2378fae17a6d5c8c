import {
  isArray,
  isObject,
  own,
  ownString,
  type Json,
  type JsonObject,
} from '../../policy/json.js';

/** How many entries a `roleMapping` may have. */
export const MAX_ROLE_RULES = 200;
/** Longest name of a Role, and longest value of a claim that stands for one, in characters. */
export const MAX_ROLE_NAME = 512;
const MAX_DEPTH = 8;
const MAX_NAME = 256;

/** One entry of `roleMapping`: what a value of a claim makes of whoever presents the token. */
export type RoleRule = {
  /** Names of members, from the outermost; a name may contain dots, colons and slashes. */
  readonly claim: readonly string[];
} & (
  | { readonly kind: 'value'; readonly value: string; readonly role: string }
  /** Every value is a Role: the prefix, then the value. */
  | { readonly kind: 'prefix'; readonly prefix: string }
);

/** The path of a claim, written as a list of names or as the name of one outermost claim. */
export function claimPath(claim: unknown): readonly string[] | undefined {
  const path: readonly unknown[] = Array.isArray(claim) ? claim : [claim];
  return path.length > 0 && path.length <= MAX_DEPTH && path.every(isMemberName) ? path : undefined;
}

/**
 * Whether a prefix keeps what an identity provider names apart from every Role that is named without it:
 * it ends with a colon or a slash.
 */
export function isRolePrefix(prefix: unknown): prefix is string {
  return typeof prefix === 'string' && /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}[:/]$/.test(prefix);
}

/** The entries of a stored `roleMapping`; what cannot be read maps nothing. */
export function parseRoleRules(roleMapping: Json | undefined): readonly RoleRule[] {
  if (!isArray(roleMapping)) return [];
  return roleMapping.slice(0, MAX_ROLE_RULES).flatMap((entry) => parseRule(entry) ?? []);
}

/** What is wrong with the entries of a `roleMapping` whose elements are valid by themselves, by index. */
export function roleRuleProblems(
  roleMapping: Json | undefined,
): readonly { readonly index: number; readonly problem: string }[] {
  if (!isArray(roleMapping)) return [];
  return roleMapping.flatMap((entry, index) =>
    isObject(entry) && isOneKind(entry) ? [] : [{ index, problem: ONE_KIND_WANTED }],
  );
}

/** Names of claims that look like paths, and are not: a token rarely has a member of such a name. */
export function suspectClaims(rules: readonly RoleRule[]): readonly string[] {
  return rules
    .map(({ claim: [name = '', ...rest] }) => (rest.length === 0 ? name : ''))
    .filter((name) => name.includes('.') && !name.includes('/') && !name.includes(':'));
}

const ONE_KIND_WANTED = 'An entry has either value and role, or prefix';

function isOneKind(entry: JsonObject): boolean {
  const [value, role, prefix] = ['value', 'role', 'prefix'].map(
    (name) => own(entry, name) !== undefined,
  );
  return prefix === true ? !value && !role : value === true && role === true;
}

function parseRule(entry: Json): RoleRule | undefined {
  const claim = claimPath(own(entry, 'claim'));
  if (claim === undefined) return undefined;
  const prefix = own(entry, 'prefix');
  if (prefix !== undefined) {
    return isRolePrefix(prefix) ? { kind: 'prefix', claim, prefix } : undefined;
  }
  const value = ownString(entry, 'value');
  const role = ownString(entry, 'role');
  return value && role ? { kind: 'value', claim, value, role } : undefined;
}

function isMemberName(name: unknown): name is string {
  return typeof name === 'string' && name !== '' && name.length <= MAX_NAME;
}
