import type { Json, JsonObject } from '../policy/json.js';
import type { ScimMapping } from '../resources/identity-provider/scim-mapping.js';
import { at, has, isObject } from '../resources/token-introspector/json-members.js';
import type { UserIdentifier } from '../resources/user/user-identifier.js';

/** What userName and email may have, to fit their uniqueness index. */
const MAX_UNIQUE_TEXT = 320;
const MAX_TEXT = 4096;

/**
 * The User that an identity provider describes (spec §3.5): everything in `data`, and what `toScim`
 * maps at its place. A value that its place cannot take is left out.
 */
export function userDraft(
  profile: JsonObject,
  identifier: UserIdentifier,
  mappings: readonly ScimMapping[],
): JsonObject {
  const start: JsonObject = { data: profile, identifier: [{ ...identifier }] };
  return mappings.reduce((draft, { claim, path }) => {
    const value = at(profile, claim);
    return value !== undefined && fits(value, path) ? withValue(draft, path, value) : draft;
  }, start);
}

function fits(value: Json, [root = '']: readonly string[]): boolean {
  if (root === 'data') return true;
  const max = root === 'userName' || root === 'email' ? MAX_UNIQUE_TEXT : MAX_TEXT;
  return typeof value === 'string' && value !== '' && value.length <= max;
}

function withValue(
  holder: JsonObject,
  [name = '', ...rest]: readonly string[],
  value: Json,
): JsonObject {
  if (rest.length === 0) return { ...holder, [name]: value };
  const inner = has(holder, name) ? holder[name] : {};
  // A claim of the same name that is no object keeps its place.
  return isObject(inner) ? { ...holder, [name]: withValue(inner, rest, value) } : holder;
}
