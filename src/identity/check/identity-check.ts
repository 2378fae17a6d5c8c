import { Injectable } from '@nestjs/common';
import { found, shown, type CheckStep } from '../../introspection/check/check-step.js';
import type { ActiveIntrospection } from '../../introspection/introspection.js';
import { PolicyRegistry } from '../../resources/access-policy/policy-registry.js';
import { IdentityProviderRegistry } from '../../resources/identity-provider/identity-provider-registry.js';
import type { IdentityProvider } from '../../resources/identity-provider/identity-provider.js';
import { at } from '../../resources/token-introspector/json-members.js';
import type { UserResolution } from '../../resources/token-introspector/token-introspector.js';
import type { DirectoryUser } from '../../resources/user/directory-user.js';
import { UserDirectory } from '../../resources/user/user-directory.js';
import { ClientRefused } from '../client-refused.js';
import { findUser } from '../find-user.js';
import { serviceAccountAt } from '../identity-resolver.js';
import { JustInTime } from '../just-in-time.js';
import { rolesOf } from '../mapped-roles.js';
import type { Lookup } from '../rules/lookup.js';
import { ServiceAccountClients } from '../service-account-clients.js';
import { UserRefused } from '../user-refused.js';
import { refusedClient, serviceAccount } from './client-steps.js';
import { foundUser, missingUser, refusedUser, unknownUser } from './user-steps.js';

const MAX_NAMED = 50;

/** Whom a token would resolve to, without creating anybody. */
@Injectable()
export class IdentityCheck {
  constructor(
    private readonly users: UserDirectory,
    private readonly providers: IdentityProviderRegistry,
    private readonly policies: PolicyRegistry,
    private readonly justInTime: JustInTime,
    private readonly serviceAccounts: ServiceAccountClients,
  ) {}

  /** The User or Client that a request with this token would speak for, and the Roles that it would have. */
  async steps(introspection: ActiveIntrospection): Promise<readonly CheckStep[]> {
    const { identityProviderId: id } = introspection.introspector;
    const provider = id === undefined ? undefined : this.providers.get(id);
    try {
      const account = serviceAccountAt(provider, introspection);
      if (!account) return await this.user(introspection, provider);
      return [serviceAccount(account, await this.serviceAccounts.clientOf(introspection, account))];
    } catch (error) {
      if (error instanceof UserRefused) return [refusedUser(error)];
      if (error instanceof ClientRefused) return [refusedClient(error)];
      throw error;
    }
  }

  private async user(
    introspection: ActiveIntrospection,
    provider: IdentityProvider | undefined,
  ): Promise<readonly CheckStep[]> {
    for (const rule of introspection.introspector.userResolution) {
      const lookup = await this.lookUp(introspection, provider, rule);
      if (lookup.outcome === 'found') {
        return [foundUser(lookup.user, rule), ...roles(lookup.user, introspection, provider)];
      }
      if (lookup.outcome === 'nobody') return [unknownUser(introspection.claims)];
    }
    const identifier = provider?.active && this.justInTime.identifierFor(introspection, provider);
    return [missingUser(introspection, provider, identifier || undefined)];
  }

  // One rule at a time, which is what asking for all of them comes to, to tell which one it was.
  private lookUp(
    { claims, introspector }: ActiveIntrospection,
    provider: IdentityProvider | undefined,
    rule: UserResolution,
  ): Promise<Lookup> {
    const subject = { claims, system: provider?.system };
    const alone = { ...introspector, userResolution: [rule] };
    return findUser(subject, alone, this.users, this.policies);
  }
}

function roles(
  user: DirectoryUser,
  { claims }: ActiveIntrospection,
  provider: IdentityProvider | undefined,
): readonly CheckStep[] {
  const all = rolesOf(user, claims, provider);
  const names = all.slice(0, MAX_NAMED).map((role) => shown(at(role, 'name')));
  if (names.length === 0) {
    const message = `No Role refers to User/${user.id}, and none is mapped from the token`;
    return [found('roles', 'no-roles', message)];
  }
  const counts = `${user.roles.length} stored, ${all.length - user.roles.length} from the token`;
  return [found('roles', 'roles-found', `Its roles are ${names.join(', ')} (${counts})`)];
}
