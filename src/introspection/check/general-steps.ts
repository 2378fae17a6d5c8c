import type { JsonObject } from '../../policy/json.js';
import { objectAt } from '../../resources/token-introspector/json-members.js';
import type { TokenIntrospector } from '../../resources/token-introspector/token-introspector.js';
import { confirmationOf } from '../possession/confirmation.js';
import { found, refusing, shown, type CheckStep } from './check-step.js';
import type { RecordedHttp } from './recorded-http.js';

/** Answers name the second, and take a while to arrive. */
const MIN_TOLERANCE_SECONDS = 2;

/** What to do about a secret that cannot be had. */
export const SECRET_FIX =
  'Check the file of the external secret, and its scope: the log says what is wrong. Or write the secret again';

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
  const ahead = Math.round(aheadMs / 1000);
  if (Math.abs(ahead) <= Math.max(introspector.clockSkewSeconds, MIN_TOLERANCE_SECONDS)) {
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

/** Whether a token is bound to who sends it, which a check cannot try. */
export function possession(claims: JsonObject): CheckStep {
  const confirmation = confirmationOf(claims);
  if (typeof confirmation === 'string') {
    const message = `It is bound to its sender by ${shown(Object.keys(objectAt(claims, 'cnf')))}`;
    const fix = 'Have the issuer bind tokens by jkt (DPoP) or x5t#S256 (mutual TLS), or not at all';
    return refusing('possession', confirmation, message, fix);
  }
  const { keyThumbprint, certificateThumbprint } = confirmation;
  if (keyThumbprint === undefined && certificateThumbprint === undefined) {
    return found('possession', 'unbound', 'It is bound to no key and sent as Bearer');
  }
  const proofs = [
    ...(keyThumbprint === undefined ? [] : ['a DPoP proof, sent with the scheme DPoP']),
    ...(certificateThumbprint === undefined ? [] : ['the client certificate']),
  ];
  const message = `It is bound: a request needs ${proofs.join(' and ')}, which this check does not try`;
  return found('possession', 'proof-needed', message);
}
