import type { ActiveIntrospection } from '../introspection/introspection.js';
import type { JsonObject } from '../policy/json.js';
import type { RegisteredClient } from '../resources/client/client-registry.js';
import type { PolicyView } from '../resources/policy-view.js';
import type { DirectoryUser } from '../resources/user/directory-user.js';

/** Who calls, as policies see it. Frozen; holds no credential. */
export interface Caller {
  /** By what the caller was authenticated. */
  readonly kind: 'anonymous' | 'client' | 'token';
  readonly user?: PolicyView;
  /** Empty without a user. */
  readonly roles: readonly PolicyView[];
  readonly client?: PolicyView;
  /** Claims of a verified token. */
  readonly jwt?: JsonObject;
  /** Answer of an introspection endpoint. */
  readonly token?: JsonObject;
  /** Id of the TokenIntrospector that vouched for the token. */
  readonly introspectorId?: string;
}

/** Nobody said who they are. */
export const ANONYMOUS: Caller = Object.freeze({ kind: 'anonymous', roles: [] });

/** A Client that authenticated as itself. */
export function clientCaller({ client }: RegisteredClient): Caller {
  return Object.freeze({ kind: 'client', roles: [], client });
}

/** Who presented a token; without a User policies see the claims only (spec §3.6). */
export function tokenCaller(
  { type, claims, introspector }: ActiveIntrospection,
  user: DirectoryUser | undefined,
): Caller {
  return Object.freeze({
    kind: 'token',
    introspectorId: introspector.id,
    ...(type === 'jwt' ? { jwt: claims } : { token: claims }),
    ...(user ? { user: user.user } : {}),
    roles: user?.roles ?? [],
  });
}
