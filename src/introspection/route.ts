import type {
  EndpointIntrospector,
  JwtIntrospector,
  TokenIntrospector,
} from '../resources/token-introspector/token-introspector.js';
import { isJoseShaped } from './jose-shape.js';
import type { RefusalCode } from './refusal.js';

/** Who judges a signed token: first those that verify it here, then those that ask an endpoint. */
export interface Judges {
  readonly jwt: readonly JwtIntrospector[];
  readonly opaque: () => readonly EndpointIntrospector[];
}

/** Which introspectors judge a credential; every list is in id order and holds active ones only. */
export interface RouteTable {
  /** Who verifies the JWTs of an issuer here; the code says why nobody does. */
  route(iss: string | undefined): readonly JwtIntrospector[] | RefusalCode;
  /** @param iss the token's claim, undefined when it has none */
  signed(token: string, iss: string | undefined): Judges | RefusalCode;
  /** Of an encrypted JWT, whose issuer cannot be read here. */
  encrypted(token: string): readonly EndpointIntrospector[];
  /** Of a token that is no JWT. */
  opaque(token: string): readonly EndpointIntrospector[];
  /** Of a cookie. */
  readonly aspxauth: readonly EndpointIntrospector[];
  /** Whether a cookie is a credential at all: an introspector for it is stored, active or not. */
  readonly takesCookies: boolean;
}

interface NamedIssuer {
  isActive: boolean;
  readonly judges: JwtIntrospector[];
}

/**
 * Routing of credentials (spec §2). An issuer that any introspector names, active or not, belongs to
 * those that name it; only a token of an unnamed issuer reaches the introspectors without `jwt.iss`,
 * of which those with this issuer in `jwt.issuers` judge it, or all if it has none. Then come the
 * opaque introspectors whose `token_pattern` fits; for a JWT those with `accept_jwt`, and none that
 * names another issuer.
 */
export function routeTable(introspectors: readonly TokenIntrospector[]): RouteTable {
  const sorted = inIdOrder(introspectors);
  const active = sorted.filter((introspector) => introspector.active);
  const named = namedIssuers(sorted);
  const fallbacks = active.filter(isJwt).filter(({ iss }) => iss === undefined);
  const opaque = active.filter(isEndpointFor('opaque'));
  const forJwts = opaque.filter(({ acceptJwt }) => acceptJwt);
  const route: RouteTable['route'] = (iss) => {
    const owner = iss === undefined ? undefined : named.get(iss);
    if (owner?.isActive === false) return 'inactive-issuer';
    const judges = owner?.judges ?? fallbacks.filter((judge) => accepts(judge, iss));
    return judges.length === 0 ? 'unknown-issuer' : judges;
  };
  return {
    route,
    signed(token, iss) {
      const jwt = route(iss);
      if (jwt === 'inactive-issuer') return jwt;
      return {
        jwt: typeof jwt === 'string' ? [] : jwt,
        opaque: () =>
          fitting(token, forJwts).filter((it) => it.iss === undefined || it.iss === iss),
      };
    },
    encrypted: (token) => fitting(token, forJwts),
    opaque: (token) => fitting(token, opaque),
    aspxauth: active.filter(isEndpointFor('aspxauth')),
    takesCookies: introspectors.some(({ type }) => type === 'aspxauth'),
  };
}

/**
 * Who judges a token that is no signed one which could be accepted.
 *
 * @param unread the reason why it is none
 */
export function judgesOfUnread(
  table: RouteTable,
  token: string,
  unread: RefusalCode,
): readonly EndpointIntrospector[] {
  if (unread !== 'malformed' && unread !== 'encrypted') return [];
  if (!isJoseShaped(token)) return table.opaque(token);
  return unread === 'encrypted' ? table.encrypted(token) : [];
}

function namedIssuers(introspectors: readonly TokenIntrospector[]): Map<string, NamedIssuer> {
  const named = new Map<string, NamedIssuer>();
  for (const introspector of introspectors) {
    const { iss, active } = introspector;
    if (iss === undefined) continue;
    const owner = named.get(iss) ?? { isActive: false, judges: [] };
    named.set(iss, owner);
    if (!active) continue;
    owner.isActive = true;
    if (introspector.type === 'jwt') owner.judges.push(introspector);
  }
  return named;
}

function fitting(
  token: string,
  introspectors: readonly EndpointIntrospector[],
): readonly EndpointIntrospector[] {
  return introspectors.filter(({ tokenPattern }) => tokenPattern?.finds(token) ?? true);
}

function accepts(fallback: JwtIntrospector, iss: string | undefined): boolean {
  return iss === undefined || fallback.issuers.includes(iss);
}

function isJwt(introspector: TokenIntrospector): introspector is JwtIntrospector {
  return introspector.type === 'jwt';
}

function isEndpointFor(kind: EndpointIntrospector['type']) {
  return (introspector: TokenIntrospector): introspector is EndpointIntrospector =>
    introspector.type === kind;
}

function inIdOrder(introspectors: readonly TokenIntrospector[]): readonly TokenIntrospector[] {
  return [...introspectors].sort((a, b) => (a.id < b.id ? -1 : 1));
}
