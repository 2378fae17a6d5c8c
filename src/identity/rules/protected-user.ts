import type { PolicyRegistry } from '../../resources/access-policy/policy-registry.js';
import type { IntrospectorIdentity } from '../../resources/token-introspector/token-introspector.js';
import { carriesSystem, type DirectoryUser } from '../../resources/user/directory-user.js';
import { UserRefused } from '../user-refused.js';

/** Tells which Users more depends on than on others. */
export type AllowLinks = Pick<PolicyRegistry, 'isAllowLinkedUser'>;

/**
 * Keeps a foreign token from choosing, by `box_user` or `sub`, a User with a password, with an
 * `allow` policy linked to it, or made at first start: any issuer could otherwise name the
 * administrator (spec §3.2).
 *
 * @throws UserRefused unless the User carries an identifier of the introspector's system, or the
 * introspector lists it in `trusted_users`.
 */
export function checkProtectedUser(
  user: DirectoryUser,
  introspector: IntrospectorIdentity,
  system: string | undefined,
  policies: AllowLinks,
): void {
  if (!isProtected(user, policies)) return;
  if (system !== undefined && carriesSystem(user, system)) return;
  if (introspector.trustedUserIds.includes(user.id)) return;
  throw new UserRefused('protected-user', user.id);
}

/** Whether more depends on the User than on others. */
export function isProtected(user: DirectoryUser, policies: AllowLinks): boolean {
  return user.hasPassword || user.isFirstStart || policies.isAllowLinkedUser(user.id);
}
