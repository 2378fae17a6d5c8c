import type { Json, JsonObject } from '../../policy/json.js';
import { at, has } from '../../resources/token-introspector/json-members.js';
import type { Jwt } from '../jwt/jwt.js';

/** What a check shows of a token: what routing and verification go by, and of the rest the names. */
export interface TokenView {
  readonly header: JsonObject;
  readonly claims: JsonObject;
  readonly claimNames: readonly string[];
}

const SHOWN_CLAIMS = ['iss', 'aud', 'exp', 'nbf', 'iat', 'azp', 'client_id', 'typ', 'token_use'];
const MAX_TEXT = 256;
const MAX_ENTRIES = 16;
const MAX_NAMES = 100;

/** Shows a token that was read. Neither the token nor its signature can be made out of it. */
export function tokenView({ header, claims }: Jwt): TokenView {
  const { alg, kid, typ } = header;
  return {
    header: bounded({
      alg,
      ...(kid === undefined ? {} : { kid }),
      ...(typ === undefined ? {} : { typ }),
    }),
    ...claimsView(claims),
  };
}

/** Shows the answer of an introspection endpoint likewise. */
export function claimsView(claims: JsonObject): Omit<TokenView, 'header'> {
  const names = SHOWN_CLAIMS.filter((name) => has(claims, name));
  const chosen = names.map((name): [string, Json] => [name, at(claims, name) ?? null]);
  return {
    claims: bounded(Object.fromEntries(chosen)),
    claimNames: Object.keys(claims)
      .slice(0, MAX_NAMES)
      .map((name) => name.slice(0, MAX_TEXT)),
  };
}

function bounded(members: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(members).map(([name, value]) => [name, boundedValue(value)]),
  );
}

function boundedValue(value: Json): Json {
  return Array.isArray(value) ? value.slice(0, MAX_ENTRIES).map(boundedText) : boundedText(value);
}

// Registered claims are texts, numbers and lists of texts; anything else is not shown.
function boundedText(value: Json): Json {
  if (typeof value === 'string') return value.slice(0, MAX_TEXT);
  return typeof value === 'object' ? '…' : value;
}
