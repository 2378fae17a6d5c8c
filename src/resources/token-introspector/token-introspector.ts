import type { Json, JsonObject } from '../../policy/json.js';
import {
  arrayAt,
  at,
  has,
  isObject,
  numberAt,
  objectAt,
  stringAt,
  stringsAt,
} from './json-members.js';
import { withoutStrayQuote } from './stray-quote.js';
import { tokenPattern, type TokenPattern } from './token-pattern.js';
import { JWS_ALGORITHMS, type JwsAlgorithm } from './verification-key.js';

/** The kinds of credential that an introspector may judge (spec §2). */
export const INTROSPECTOR_TYPES = ['jwt', 'opaque', 'aspxauth'] as const;
/** The claims and lookups by which a User may be found, in the order of trust (spec §3). */
export const USER_RESOLUTIONS = ['box_user', 'identifier', 'sub'] as const;
/** Key types of `jwt.keys[].kty`, spelt as the resource spells them. */
export const KEY_TYPES = ['RSA', 'EC', 'OCT', 'OKP'] as const;

const DEFAULT_CACHE_TTL_SECONDS = 300;
const DEFAULT_CLOCK_SKEW_SECONDS = 30;

/** One way of finding the User that a token speaks for. */
export type UserResolution = (typeof USER_RESOLUTIONS)[number];

/** What every TokenIntrospector says about trust and about the User behind a token. */
export interface IntrospectorIdentity {
  readonly id: string;
  /**
   * Id and version, and what stands for the external secrets in use: whatever is cached under it ends with
   * the next write to the resource or change of a secret. For cache keys; never shown or logged.
   */
  readonly revision: string;
  /** Id of the IdentityProvider whose `system` names the users of this introspector. */
  readonly identityProviderId: string | undefined;
  readonly userResolution: readonly UserResolution[];
  /** Ids of privileged Users that a token of this introspector may resolve to all the same. */
  readonly trustedUserIds: readonly string[];
}

interface IntrospectorBase extends IntrospectorIdentity {
  readonly active: boolean;
  /** An external secret cannot be had: nothing is verified, and nobody is asked, until it can. */
  readonly lacksSecret: boolean;
  readonly cacheTtlSeconds: number;
  readonly staleIfErrorSeconds: number;
  readonly iss: string | undefined;
  /** Empty: the audience is not checked. */
  readonly aud: readonly string[];
  readonly clockSkewSeconds: number;
}

/** One entry of `jwt.keys`, bound to one algorithm. */
export type LocalKey =
  | { readonly kty: 'OCT'; readonly alg: string; readonly k: string }
  | { readonly kty: 'RSA' | 'EC' | 'OKP'; readonly alg: string; readonly pub: string };

/** Where the keys of a jwt introspector come from; `none` when a secret could not be had. */
export type KeySource =
  | { readonly kind: 'secret'; readonly secret: string }
  | { readonly kind: 'keys'; readonly keys: readonly LocalKey[] }
  | { readonly kind: 'jwks'; readonly uri: string }
  | { readonly kind: 'discovery'; readonly issuer: string }
  | { readonly kind: 'none' };

/** Verifies signed tokens (RFC 7519) by itself. Holds secrets: never logged, never serialised. */
export interface JwtIntrospector extends IntrospectorBase {
  readonly type: 'jwt';
  /** Further issuers that an introspector without `jwt.iss` accepts. */
  readonly issuers: readonly string[];
  /** Undefined: whatever the keys can verify. */
  readonly algorithms: readonly JwsAlgorithm[] | undefined;
  /** The `typ` header that tokens must bear; undefined: those that an access token may bear. */
  readonly typ: string | undefined;
  readonly requiredClaims: readonly string[];
  readonly expRequired: boolean;
  readonly acceptIdToken: boolean;
  readonly keySource: KeySource;
}

/** Asks an introspection endpoint (RFC 7662). Holds a secret: never logged, never serialised. */
export interface EndpointIntrospector extends IntrospectorBase {
  readonly type: 'opaque' | 'aspxauth';
  readonly url: string;
  readonly authorization: string | undefined;
  readonly acceptJwt: boolean;
  /** Undefined: every token is the endpoint's to judge. */
  readonly tokenPattern: TokenPattern | undefined;
}

/** A TokenIntrospector as it is evaluated: parsed, defaults filled in, frozen (spec §2). */
export type TokenIntrospector = JwtIntrospector | EndpointIntrospector;

/** What became of the external secrets of a TokenIntrospector. */
export interface ResolvedSecrets {
  /** At least one that it needs cannot be had. */
  readonly areMissing: boolean;
  /** Changes with their values. */
  readonly revision: string;
}

const NO_EXTERNAL_SECRETS: ResolvedSecrets = { areMissing: false, revision: '' };

/**
 * Reads a stored resource, its secrets merged in. Total: the resource was validated when it was
 * written, and what is missing all the same makes an introspector that verifies nothing.
 */
export function parseTokenIntrospector(
  resource: JsonObject,
  external = NO_EXTERNAL_SECRETS,
): TokenIntrospector {
  const jwt = objectAt(resource, 'jwt');
  const base = parseBase(resource, jwt, external);
  const type = stringAt(resource, 'type');
  if (type === 'jwt') return deepFreeze(parseJwt(resource, jwt, base));
  const endpoint = objectAt(resource, 'introspection_endpoint');
  const pattern = stringAt(resource, 'token_pattern');
  return deepFreeze<EndpointIntrospector>({
    ...base,
    type: type === 'aspxauth' ? 'aspxauth' : 'opaque',
    url: withoutStrayQuote(stringAt(endpoint, 'url') ?? ''),
    authorization: stringAt(endpoint, 'authorization'),
    acceptJwt: at(resource, 'accept_jwt') === true,
    tokenPattern: pattern === undefined ? undefined : tokenPattern(pattern),
  });
}

/** The id of a User named as `id`, `User/id` or a reference; undefined when it names no User. */
export function trustedUserId(value: unknown): string | undefined {
  const reference =
    typeof value === 'object' && value !== null && 'reference' in value ? value.reference : value;
  if (typeof reference !== 'string') return undefined;
  return /^(?:User\/)?([A-Za-z0-9\-.]{1,64})$/.exec(reference)?.[1];
}

function parseBase(
  resource: JsonObject,
  jwt: JsonObject,
  external: ResolvedSecrets,
): IntrospectorBase {
  const id = stringAt(resource, 'id') ?? '';
  const versionId = stringAt(objectAt(resource, 'meta'), 'versionId') ?? '';
  return {
    id,
    revision: [id, versionId, external.revision].filter(Boolean).join('/'),
    lacksSecret: external.areMissing,
    active: at(resource, 'active') !== false,
    cacheTtlSeconds: numberAt(resource, 'cache_ttl') ?? DEFAULT_CACHE_TTL_SECONDS,
    staleIfErrorSeconds: numberAt(resource, 'stale_if_error') ?? 0,
    identityProviderId: referencedId(objectAt(resource, 'identity_provider')),
    userResolution: known(
      USER_RESOLUTIONS,
      stringsAt(resource, 'user_resolution') ?? USER_RESOLUTIONS,
    ),
    trustedUserIds: arrayAt(resource, 'trusted_users').flatMap((user) => trustedUserId(user) ?? []),
    iss: stringAt(jwt, 'iss'),
    aud: stringsAt(jwt, 'aud') ?? [],
    clockSkewSeconds: numberAt(jwt, 'clock_skew') ?? DEFAULT_CLOCK_SKEW_SECONDS,
  };
}

function parseJwt(resource: JsonObject, jwt: JsonObject, base: IntrospectorBase): JwtIntrospector {
  const algorithms = stringsAt(jwt, 'algorithms');
  return {
    ...base,
    type: 'jwt',
    issuers: stringsAt(jwt, 'issuers') ?? [],
    algorithms: algorithms && known(JWS_ALGORITHMS, algorithms),
    typ: stringAt(jwt, 'typ'),
    requiredClaims: stringsAt(jwt, 'required_claims') ?? [],
    expRequired: at(jwt, 'exp_required') !== false,
    acceptIdToken: at(resource, 'accept_id_token') === true,
    keySource: parseKeySource(resource, jwt),
  };
}

function parseKeySource(resource: JsonObject, jwt: JsonObject): KeySource {
  const secret = stringAt(jwt, 'secret');
  if (secret) return { kind: 'secret', secret };
  // An external secret that cannot be read must not turn into discovery of other keys.
  if (has(jwt, 'secret') || has(jwt, '_secret')) return { kind: 'none' };
  const uri = stringAt(resource, 'jwks_uri');
  if (uri !== undefined) return { kind: 'jwks', uri: withoutStrayQuote(uri) };
  if (has(jwt, 'keys')) {
    return { kind: 'keys', keys: arrayAt(jwt, 'keys').flatMap((key) => localKey(key) ?? []) };
  }
  const issuer = stringAt(jwt, 'iss');
  return issuer === undefined ? { kind: 'none' } : { kind: 'discovery', issuer };
}

function localKey(entry: Json): LocalKey | undefined {
  if (!isObject(entry)) return undefined;
  const kty = KEY_TYPES.find((type) => type === at(entry, 'kty'));
  const alg = stringAt(entry, 'alg');
  if (kty === undefined || alg === undefined) return undefined;
  if (kty === 'OCT') {
    const k = stringAt(entry, 'k');
    return k ? { kty, alg, k } : undefined;
  }
  const pub = stringAt(entry, 'pub');
  return pub === undefined ? undefined : { kty, alg, pub };
}

function referencedId(reference: JsonObject): string | undefined {
  const id = stringAt(reference, 'reference')?.split('/').at(-1) ?? stringAt(reference, 'id');
  return id === '' ? undefined : id;
}

function known<T extends string>(words: readonly T[], given: readonly string[]): readonly T[] {
  return given.flatMap((entry) => words.find((word) => word === entry) ?? []);
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}
