import type { Json, JsonObject } from '../policy/json.js';
import { isObject } from '../resources/token-introspector/json-members.js';

/** In characters of JSON. */
const MAX_PROFILE = 65_536;
const MAX_CLAIM = 4096;

/** OpenID Connect Core §5.1. */
const STANDARD_CLAIMS = [
  ...['sub', 'name', 'given_name', 'family_name', 'middle_name', 'nickname', 'preferred_username'],
  ...['profile', 'picture', 'website', 'email', 'email_verified', 'gender', 'birthdate'],
  ...['zoneinfo', 'locale', 'phone_number', 'phone_number_verified', 'address', 'updated_at'],
];

/** The standard claims about a person (OpenID Connect Core §5.1) among the claims of a token. */
export function standardClaims(claims: JsonObject): JsonObject {
  return only(claims, (name) => STANDARD_CLAIMS.includes(name));
}

/**
 * What an identity provider says of a person, as PostgreSQL can hold it: without NUL and lone
 * surrogates, and of one that is too large (64 Ki characters) the short standard claims only.
 */
export function storableProfile(profile: JsonObject): JsonObject {
  const clean = cleanObject(profile);
  if (JSON.stringify(clean).length <= MAX_PROFILE) return clean;
  return only(standardClaims(clean), (_name, value) => JSON.stringify(value).length <= MAX_CLAIM);
}

function only(object: JsonObject, keeps: (name: string, value: Json) => boolean): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name, value]) => keeps(name, value)));
}

function clean(value: Json): Json {
  if (typeof value === 'string') return cleanText(value);
  if (Array.isArray(value)) return (value as readonly Json[]).map(clean);
  return isObject(value) ? cleanObject(value) : value;
}

function cleanObject(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([name, value]) => [cleanText(name), clean(value)]),
  );
}

function cleanText(text: string): string {
  return text.replace(/[\0\p{Surrogate}]/gu, '');
}
