import type { Json, JsonObject } from '../policy/json.js';
import type { IdentityProvider } from '../resources/identity-provider/identity-provider.js';
import { MAX_ROLE_NAME, type RoleRule } from '../resources/identity-provider/role-mapping.js';
import { at, isObject } from '../resources/token-introspector/json-members.js';
import type { DirectoryUser } from '../resources/user/directory-user.js';

/** A claim may have more values; further ones give no Role. */
const MAX_VALUES = 1000;
/** Beyond these a token gives no Role. */
const MAX_MAPPED_ROLES = 100;

/**
 * Names of the Roles that the claims of a token stand for, in order of the rules, each once; at most 100.
 * A value is a string, by itself or in a list.
 */
export function mappedRoleNames(claims: JsonObject, rules: readonly RoleRule[]): readonly string[] {
  const names = new Set<string>();
  for (const rule of rules) {
    for (const name of namesBy(rule, claims)) {
      if (names.size === MAX_MAPPED_ROLES) return [...names];
      names.add(name);
    }
  }
  return [...names];
}

/** Keeps, as long as the claims are, which Roles they gave under which User and provider. */
const KNOWN = new WeakMap<JsonObject, RolesOfCaller>();

interface RolesOfCaller {
  readonly user: DirectoryUser;
  readonly provider: IdentityProvider;
  readonly roles: readonly JsonObject[];
}

/**
 * The Roles of the User behind a token: those that are stored, then those that an active provider's
 * `roleMapping` reads from the token. The latter have no id and end with the token.
 *
 * @param claims frozen, of a token that was found valid
 */
export function rolesOf(
  user: DirectoryUser,
  claims: JsonObject,
  provider: IdentityProvider | undefined,
): readonly JsonObject[] {
  if (!provider?.active || provider.roleRules.length === 0) return user.roles;
  const known = KNOWN.get(claims);
  if (known?.user === user && known.provider === provider) return known.roles;
  const mapped = mappedRoleNames(claims, provider.roleRules);
  const roles = Object.freeze([
    ...user.roles,
    ...mapped.map((name) => mappedRole(name, user, provider)),
  ]);
  KNOWN.set(claims, { user, provider, roles });
  return roles;
}

function mappedRole(name: string, user: DirectoryUser, provider: IdentityProvider): JsonObject {
  const { id } = user;
  return Object.freeze({
    resourceType: 'Role',
    meta: Object.freeze({ source: `IdentityProvider/${provider.id}` }),
    name,
    user: Object.freeze({ reference: `User/${id}`, resourceType: 'User', id }),
  });
}

function namesBy(rule: RoleRule, claims: JsonObject): readonly string[] {
  const values = valuesAt(claims, rule.claim);
  switch (rule.kind) {
    case 'value':
      return values.includes(rule.value) ? [rule.role] : [];
    case 'prefix':
      return values
        .map((value) => rule.prefix + value)
        .filter((name) => name.length > rule.prefix.length && name.length <= MAX_ROLE_NAME);
  }
}

function valuesAt(claims: JsonObject, path: readonly string[]): readonly string[] {
  const value = path.reduce<Json | undefined>(
    (holder, name) => (isObject(holder) ? at(holder, name) : undefined),
    claims,
  );
  const values: readonly unknown[] = Array.isArray(value) ? value.slice(0, MAX_VALUES) : [value];
  return values.filter((entry) => typeof entry === 'string');
}
