import type { Json, JsonObject } from '../policy/json.js';
import type { ScimMapping } from '../resources/identity-provider/scim-mapping.js';
import { at, has, isObject, objectAt } from '../resources/token-introspector/json-members.js';
import type { UserIdentifier } from '../resources/user/user-identifier.js';

/** What userName and email may have, to fit their uniqueness index. */
const MAX_UNIQUE_TEXT = 320;
const MAX_TEXT = 4096;

/** {@link describedUser} with the identifier by which it is found from now on. */
export function userDraft(
  profile: JsonObject,
  identifier: UserIdentifier,
  mappings: readonly ScimMapping[],
): JsonObject {
  return { ...describedUser(profile, mappings), identifier: [{ ...identifier }] };
}

/**
 * The User that an identity provider describes (spec §3.5): everything in `data`, and what `toScim`
 * maps at its place. A value that its place cannot take is left out.
 */
export function describedUser(profile: JsonObject, mappings: readonly ScimMapping[]): JsonObject {
  return mappings.reduce<JsonObject>(
    (draft, { claim, path }) => {
      const value = at(profile, claim);
      return value !== undefined && fits(value, path) ? withValue(draft, path, value) : draft;
    },
    { data: profile },
  );
}

/** Names of the members of `data` that an identity provider gives. */
export function dataKeysOf(
  profile: JsonObject,
  mappings: readonly ScimMapping[],
): readonly string[] {
  return Object.keys(objectAt(describedUser(profile, mappings), 'data'));
}

function fits(value: Json, [root = '']: readonly string[]): boolean {
  if (root === 'data') return true;
  const max = root === 'userName' || root === 'email' ? MAX_UNIQUE_TEXT : MAX_TEXT;
  return typeof value === 'string' && value !== '' && value.length <= max;
}

/** An object with a value at a path; as it is where the path leads through something else. */
export function withValue(
  holder: JsonObject,
  [name = '', ...rest]: readonly string[],
  value: Json,
): JsonObject {
  if (rest.length === 0) return { ...holder, [name]: value };
  const inner = has(holder, name) ? holder[name] : {};
  // A claim of the same name that is no object keeps its place.
  return isObject(inner) ? { ...holder, [name]: withValue(inner, rest, value) } : holder;
}
