import type { TokenIntrospector } from '../../resources/token-introspector/token-introspector.js';
import type { RefusalCode } from '../refusal.js';
import { routeTable } from '../route.js';
import { found, refusing, shown, type CheckStep } from './check-step.js';

/** Whether a token of this issuer is judged by the introspector at all, and by which others. */
export function checkRouting(
  iss: string | undefined,
  introspector: TokenIntrospector,
  all: readonly TokenIntrospector[],
): CheckStep {
  const judges = routeTable(all).route(iss);
  return typeof judges === 'string' ? unrouted(judges, iss, all) : routed(judges, introspector);
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
    const fix = `Check the token at ${named(others)}`;
    return found(
      'routing',
      'routed-elsewhere',
      `Tokens of this issuer are judged by ${named(others)}`,
      fix,
    );
  }
  if (others.length > 0) {
    const message = `${named(others)} is asked about tokens of this issuer, too; the first in order of id that vouches for one counts`;
    return found('routing', 'issuer-shared', message);
  }
  return found(
    'routing',
    'routed-here',
    'Tokens of this issuer are judged by this introspector alone',
  );
}

function named(introspectors: readonly TokenIntrospector[]): string {
  return introspectors
    .slice(0, 16)
    .map(({ id }) => `TokenIntrospector/${id}`)
    .join(', ');
}
