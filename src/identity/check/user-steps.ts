import { found, shown, type CheckStep } from '../../introspection/check/check-step.js';
import type { ActiveIntrospection } from '../../introspection/introspection.js';
import type { JsonObject } from '../../policy/json.js';
import type { IdentityProvider } from '../../resources/identity-provider/identity-provider.js';
import { at, stringAt } from '../../resources/token-introspector/json-members.js';
import type { UserResolution } from '../../resources/token-introspector/token-introspector.js';
import type { DirectoryUser } from '../../resources/user/directory-user.js';
import type { UserIdentifier } from '../../resources/user/user-identifier.js';
import type { UserRefused } from '../user-refused.js';

const BY: Readonly<Record<UserResolution, string>> = {
  box_user: 'the claim box_user, which is its id',
  identifier: 'its identifier: the system of the IdentityProvider and the claim sub',
  sub: 'the claim sub, which is its id',
};

/** A rule of resolution found a User. */
export function foundUser({ id }: DirectoryUser, rule: UserResolution): CheckStep {
  return found('user', 'user-found', `User/${id} is found by ${BY[rule]}`);
}

/** The token names a User that does not exist, and no other rule is asked. */
export function unknownUser(claims: JsonObject): CheckStep {
  const message = `The claim box_user is ${shown(at(claims, 'box_user'))}, which is no User's id; sub is not looked at`;
  return found(
    'user',
    'user-unknown',
    message,
    'Create that User, or have the issuer leave box_user out',
  );
}

/** The token would be refused for the User that it names. */
export function refusedUser({ rule, userId }: UserRefused): CheckStep {
  switch (rule) {
    case 'protected-user':
      return found(
        'user',
        'user-protected',
        `User/${userId} has a password, is an administrator or was made at the first start: requests get 401`,
        `Add an identifier of the provider's system to User/${userId}, or list it in trusted_users`,
      );
    case 'inactive-user': {
      const message = `User/${userId} is inactive: requests get 401`;
      return found('user', 'user-inactive', message, 'Take inactive: true out of the User');
    }
  }
}

/** No rule found a User; `identifier` is that of the one to be created, if any. */
export function missingUser(
  { claims, introspector }: ActiveIntrospection,
  provider: IdentityProvider | undefined,
  identifier: UserIdentifier | undefined,
): CheckStep {
  if (identifier && introspector.userResolution.includes('identifier')) {
    const linked = provider?.linksByEmail
      ? ', or linked to the User with the same verified e-mail'
      : '';
    const message = `A User is created with the first request${linked}: ${shown(identifier.system)}, ${shown(identifier.value)}`;
    return found('user', 'user-to-create', message);
  }
  const message = 'No User is found and none is created: policies see the claims only';
  return found('user', 'no-user', message, whyNone(claims, introspector, provider));
}

function whyNone(
  claims: JsonObject,
  { userResolution }: ActiveIntrospection['introspector'],
  provider: IdentityProvider | undefined,
): string {
  if (!stringAt(claims, 'sub')) {
    return 'The token has no sub; lightweight access tokens of Keycloak lack it unless a mapper adds it';
  }
  if (!provider?.active || !provider.system)
    return 'Creating Users needs an active IdentityProvider with a system';
  if (!userResolution.includes('identifier'))
    return 'Creating Users needs identifier in user_resolution';
  return 'Creating Users needs BOX_SECURITY_INTROSPECTION_CREATE_USER=true';
}
