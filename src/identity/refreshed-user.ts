import { isDeepStrictEqual } from 'node:util';
import type { Json, JsonObject } from '../policy/json.js';
import type { ScimMapping } from '../resources/identity-provider/scim-mapping.js';
import { at, isObject, objectAt } from '../resources/token-introspector/json-members.js';
import { describedUser, withValue } from './user-draft.js';

/**
 * A User with the attributes that its identity provider gives now: what it gave before and gives no more goes,
 * what others wrote stays, and where both did the provider wins. Nothing but `data` and what `toScim` maps changes.
 *
 * @param dataKeys the members of `data` that the provider gave before
 * @param profile what it says now
 */
export function refreshedUser(
  user: JsonObject,
  dataKeys: readonly string[],
  profile: JsonObject,
  mappings: readonly ScimMapping[],
): JsonObject {
  const data = objectAt(user, 'data');
  const given = new Set(dataKeys);
  const before = describedUser(
    members(data, (name) => given.has(name)),
    mappings,
  );
  const now = describedUser(profile, mappings);
  const others = members(data, (name) => !given.has(name));
  const refreshed = { ...user, data: { ...others, ...objectAt(now, 'data') } };
  return mappings
    .filter(({ path: [root] }) => root !== 'data')
    .reduce<JsonObject>((next, { path }) => {
      const value = valueAt(now, path);
      if (value !== undefined) return withValue(next, path, value);
      // Whoever set another value since did not get it from the provider.
      const isItsOwn = isDeepStrictEqual(valueAt(next, path), valueAt(before, path));
      return isItsOwn ? without(next, path) : next;
    }, refreshed);
}

function members(object: JsonObject, keeps: (name: string) => boolean): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => keeps(name)));
}

function valueAt(holder: JsonObject, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>(
    (value, name) => (isObject(value) ? at(value, name) : undefined),
    holder,
  );
}

/** Without the element at a path, and without what becomes empty by it. */
function without(holder: JsonObject, [name = '', ...rest]: readonly string[]): JsonObject {
  const others = members(holder, (other) => other !== name);
  const inner = at(holder, name);
  if (rest.length === 0 || !isObject(inner)) return others;
  const left = without(inner, rest);
  return Object.keys(left).length === 0 ? others : { ...holder, [name]: left };
}
