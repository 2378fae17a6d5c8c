import type { JsonObject } from '../policy/json.js';
import type {
  IntrospectorIdentity,
  TokenIntrospector,
} from '../resources/token-introspector/token-introspector.js';
import type { Refusal, RefusalCode } from './refusal.js';

/** A token that an introspector vouches for (RFC 7662, `active: true`). */
export interface ActiveIntrospection {
  readonly active: true;
  /** `jwt` claims become `jwt` of the request object, the answers of the others `token`. */
  readonly type: TokenIntrospector['type'];
  /** Frozen; own properties only. */
  readonly claims: JsonObject;
  /** Who vouches, and how the User is found. No secrets. */
  readonly introspector: IntrospectorIdentity;
  /** Of introspectors that were asked before this one and did not vouch, for the trace. */
  readonly passedOver?: readonly Refusal[];
}

/** An active introspection whose token was presented by whom it is bound to, or is bound to nobody. */
export interface ConfirmedIntrospection extends ActiveIntrospection {
  /** Only `ProofOfPossession` says so; what has not passed it does not fit this type. */
  readonly isConfirmed: true;
}

/** A token that is not accepted, with the reasons for the trace. */
export interface InactiveIntrospection {
  readonly active: false;
  readonly refusals: readonly Refusal[];
}

/** The state of a token (RFC 7662 §2.2). */
export type Introspection = ActiveIntrospection | InactiveIntrospection;

/** The introspector vouches for the token; no secret of it goes along. */
export function vouchedFor(
  claims: JsonObject,
  introspector: TokenIntrospector,
): ActiveIntrospection {
  const { id, revision, identityProviderId, userResolution, trustedUserIds } = introspector;
  return {
    active: true,
    type: introspector.type,
    claims,
    introspector: { id, revision, identityProviderId, userResolution, trustedUserIds },
  };
}

/** The token is not accepted; the introspector is named where one judged it. */
export function refused(code: RefusalCode, introspectorId?: string): InactiveIntrospection {
  const refusal = introspectorId === undefined ? { code } : { code, introspectorId };
  return { active: false, refusals: [refusal] };
}
