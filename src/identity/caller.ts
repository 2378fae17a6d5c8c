import type { ActiveIntrospection } from '../introspection/introspection.js';
import type { Refusal } from '../introspection/refusal.js';
import type { JsonObject } from '../policy/json.js';
import type { RegisteredClient } from '../resources/client/client-registry.js';
import type { PolicyView } from '../resources/policy-view.js';

/** How a caller was authenticated, for traces. Policies do not see it. */
export interface AuthenticatedBy {
  readonly scheme: 'basic' | 'bearer' | 'dpop' | 'aspxauth';
  /** Of introspectors that were asked before the one that vouches. */
  readonly passedOver: readonly Refusal[];
  /** The administrator who acts as the caller, as `User/{id}` or `Client/{id}`. */
  readonly administrator?: string;
}

/** Who calls, as policies see it. Frozen; holds no credential. */
export interface Caller {
  /** By what the caller was authenticated. */
  readonly kind: 'anonymous' | 'client' | 'token';
  readonly user?: PolicyView;
  /** Empty without a user. Those that a token carries have no id. */
  readonly roles: readonly JsonObject[];
  readonly client?: PolicyView;
  /** Claims of a verified token. */
  readonly jwt?: JsonObject;
  /** Answer of an introspection endpoint. */
  readonly token?: JsonObject;
  /** Id of the TokenIntrospector that vouched for the token. */
  readonly introspectorId?: string;
  readonly authenticatedBy?: AuthenticatedBy;
}

/** Nobody said who they are. */
export const ANONYMOUS: Caller = Object.freeze({ kind: 'anonymous', roles: [] });

/** A Client that authenticated as itself. */
export function clientCaller({ client }: RegisteredClient): Caller {
  return Object.freeze({ kind: 'client', roles: [], client });
}

/** The User behind a token, with the Roles that hold for this request. */
export interface TokenUser {
  readonly user: PolicyView;
  readonly roles: readonly JsonObject[];
}

/** Who presented a token; without a User policies see the claims only (spec §3.6). */
export function tokenCaller(
  introspection: ActiveIntrospection,
  found: TokenUser | undefined,
): Caller {
  const caller = vouchedFor(introspection);
  if (!found) return Object.freeze(caller);
  caller.user = found.user;
  caller.roles = found.roles;
  return Object.freeze(caller);
}

/** A service account that presented a token, as the Client that it stands for; nobody without one. */
export function serviceAccountCaller(
  introspection: ActiveIntrospection,
  found: RegisteredClient | undefined,
): Caller {
  const caller = vouchedFor(introspection);
  if (found) caller.client = found.client;
  return Object.freeze(caller);
}

/** One being made. Its members are set one by one: every request makes one, and copies would cost it. */
type NewCaller = { -readonly [Member in keyof Caller]: Caller[Member] };

function vouchedFor({ type, claims, introspector }: ActiveIntrospection): NewCaller {
  const caller: NewCaller = { kind: 'token', introspectorId: introspector.id, roles: [] };
  if (type === 'jwt') caller.jwt = claims;
  else caller.token = claims;
  return caller;
}
