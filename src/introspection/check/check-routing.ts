import { stringAt } from '../../resources/token-introspector/json-members.js';
import type {
  EndpointIntrospector,
  TokenIntrospector,
} from '../../resources/token-introspector/token-introspector.js';
import { parseJwt } from '../jwt/jwt.js';
import type { RefusalCode } from '../refusal.js';
import { judgesOfUnread, routeTable } from '../route.js';
import { found, refusing, shown, type CheckStep } from './check-step.js';

/** Whether the introspector is one that verifies tokens of this issuer, and which others do. */
export function checkRoutingOfIssuer(
  iss: string,
  introspector: TokenIntrospector,
  all: readonly TokenIntrospector[],
): CheckStep {
  const judges = routeTable(all).route(iss);
  return typeof judges === 'string' ? unrouted(judges, iss, all) : routed(judges, introspector);
}

/** Whether a signed token of this issuer is judged by the introspector at all, and by which others. */
export function checkRouting(
  token: string,
  iss: string | undefined,
  introspector: TokenIntrospector,
  all: readonly TokenIntrospector[],
): CheckStep {
  const judges = routeTable(all).signed(token, iss);
  if (typeof judges === 'string') return unrouted(judges, iss, all);
  const asked = [...judges.jwt, ...judges.opaque()];
  return asked.length === 0 ? unrouted('unknown-issuer', iss, all) : routed(asked, introspector);
}

/** Whether a token or cookie is sent to the endpoint of this introspector at all. */
export function checkEndpointRouting(
  token: string,
  introspector: EndpointIntrospector,
  all: readonly TokenIntrospector[],
): CheckStep {
  const table = routeTable(all);
  if (introspector.type === 'aspxauth') return routed(table.aspxauth, introspector);
  const jwt = parseJwt(token);
  if (typeof jwt !== 'string') {
    return checkRouting(token, stringAt(jwt.claims, 'iss'), introspector, all);
  }
  return routed(judgesOfUnread(table, token, jwt), introspector);
}

function unrouted(
  code: RefusalCode,
  iss: string | undefined,
  all: readonly TokenIntrospector[],
): CheckStep {
  if (code === 'inactive-issuer') {
    const message = `Only inactive introspectors name its issuer: ${named(all.filter((other) => other.iss === iss))}`;
    const fix = 'Set active: true on the one that is to judge its tokens';
    return refusing('routing', code, message, fix);
  }
  const message = `No active introspector is for the issuer ${shown(iss)}`;
  const fix = 'Copy the iss of the token into jwt.iss, character by character';
  return refusing('routing', code, message, fix);
}

function routed(judges: readonly TokenIntrospector[], introspector: TokenIntrospector): CheckStep {
  const others = judges.filter(({ id }) => id !== introspector.id);
  if (others.length === judges.length) {
    const fix =
      introspector.type === 'opaque'
        ? 'An endpoint is asked about JWTs with accept_jwt only, about tokens that token_pattern finds, and while it is active'
        : `Check the token at ${named(others)}`;
    const message = `Such tokens are judged by ${named(others) || 'nobody'}`;
    return found('routing', 'routed-elsewhere', message, fix);
  }
  if (others.length > 0) {
    const message = `${named(others)} is asked about such tokens, too; the first that vouches for one counts`;
    return found('routing', 'issuer-shared', message);
  }
  return found('routing', 'routed-here', 'Such tokens are judged by this introspector alone');
}

function named(introspectors: readonly TokenIntrospector[]): string {
  return introspectors
    .slice(0, 16)
    .map(({ id }) => `TokenIntrospector/${id}`)
    .join(', ');
}
