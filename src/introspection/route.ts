import type {
  JwtIntrospector,
  TokenIntrospector,
} from '../resources/token-introspector/token-introspector.js';
import type { RefusalCode } from './refusal.js';

/** Which jwt introspectors judge the tokens of an issuer. */
export interface RouteTable {
  /** @param iss the token's claim, undefined when it has none */
  route(iss: string | undefined): readonly JwtIntrospector[] | RefusalCode;
}

interface NamedIssuer {
  isActive: boolean;
  readonly judges: JwtIntrospector[];
}

/**
 * Routing of signed tokens (spec §2): an issuer that any introspector names, active or not, belongs
 * to those that name it; only a token of an unnamed issuer reaches the introspectors without
 * `jwt.iss`, of which those with this issuer in `jwt.issuers` judge it, or all if it has none.
 */
export function routeTable(introspectors: readonly TokenIntrospector[]): RouteTable {
  const named = new Map<string, NamedIssuer>();
  const fallbacks: JwtIntrospector[] = [];
  for (const introspector of inIdOrder(introspectors)) {
    const isJudge = introspector.active && introspector.type === 'jwt';
    if (introspector.iss !== undefined) nameIssuer(named, introspector.iss, introspector);
    else if (isJudge) fallbacks.push(introspector);
  }
  return {
    route(iss) {
      const owner = iss === undefined ? undefined : named.get(iss);
      if (owner?.isActive === false) return 'inactive-issuer';
      const judges = owner?.judges ?? fallbacks.filter((judge) => accepts(judge, iss));
      return judges.length === 0 ? 'unknown-issuer' : judges;
    },
  };
}

function nameIssuer(
  named: Map<string, NamedIssuer>,
  iss: string,
  introspector: TokenIntrospector,
): void {
  const owner = named.get(iss) ?? { isActive: false, judges: [] };
  named.set(iss, owner);
  if (!introspector.active) return;
  owner.isActive = true;
  if (introspector.type === 'jwt') owner.judges.push(introspector);
}

function accepts(fallback: JwtIntrospector, iss: string | undefined): boolean {
  return iss === undefined || fallback.issuers.includes(iss);
}

function inIdOrder(introspectors: readonly TokenIntrospector[]): readonly TokenIntrospector[] {
  return [...introspectors].sort((a, b) => (a.id < b.id ? -1 : 1));
}
