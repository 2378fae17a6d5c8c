import type { TokenIntrospector } from '../../resources/token-introspector/token-introspector.js';
import { found, type CheckStep } from './check-step.js';
import type { RecordedHttp } from './recorded-http.js';

const DEFAULT_TOLERANCE_SECONDS = 30;
/** Answers name the second, and take a while to arrive. */
const MIN_TOLERANCE_SECONDS = 2;

/** Whether the introspector vouches for anything at all. */
export function activity({ active }: TokenIntrospector): CheckStep {
  if (active) return found('introspector', 'active', 'The introspector is active');
  const message = 'The introspector is inactive and vouches for no token';
  return found('introspector', 'inactive', message, 'Set active: true');
}

/** Said where no token was sent along. */
export function noToken(): CheckStep {
  const message = 'No token was tried';
  return found('token', 'no-token', message, 'POST {"token": "…"} to the same address');
}

/** How far the clock of the other side is off; nothing when it told no time. */
export function clock(
  introspector: TokenIntrospector,
  { aheadMs }: RecordedHttp,
): readonly CheckStep[] {
  if (aheadMs === undefined) return [];
  const tolerance =
    introspector.type === 'jwt' ? introspector.clockSkewSeconds : DEFAULT_TOLERANCE_SECONDS;
  const ahead = Math.round(aheadMs / 1000);
  if (Math.abs(ahead) <= Math.max(tolerance, MIN_TOLERANCE_SECONDS)) {
    return [found('clock', 'clock-agrees', 'The clocks of both sides agree well enough')];
  }
  const direction = ahead > 0 ? 'ahead of' : 'behind';
  const message = `The clock of the issuer is ${Math.abs(ahead)} s ${direction} the one of Wardgate`;
  return [
    found(
      'clock',
      'clock-differs',
      message,
      'Set both clocks by NTP; jwt.clock_skew allows for a difference',
    ),
  ];
}
