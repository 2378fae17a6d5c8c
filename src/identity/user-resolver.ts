import { Injectable } from '@nestjs/common';
import type { ActiveIntrospection } from '../introspection/introspection.js';
import { PolicyRegistry } from '../resources/access-policy/policy-registry.js';
import type { IdentityProvider } from '../resources/identity-provider/identity-provider.js';
import type { DirectoryUser } from '../resources/user/directory-user.js';
import { UserDirectory } from '../resources/user/user-directory.js';
import { findUser } from './find-user.js';
import { JustInTime } from './just-in-time.js';
import { checkActiveUser } from './rules/inactive-user.js';
import { UserRefresh } from './user-refresh.js';

/** Finds the User of a token, refreshes or creates it where the configuration says so (spec §3). */
@Injectable()
export class UserResolver {
  constructor(
    private readonly users: UserDirectory,
    private readonly policies: PolicyRegistry,
    private readonly justInTime: JustInTime,
    private readonly userRefresh: UserRefresh,
  ) {}

  /**
   * @param provider that of the introspector, active or not
   * @param token the bearer token itself, for the userinfo endpoint; neither kept nor logged
   * @returns `undefined` when nobody is known by the token and nobody may be created.
   * @throws UserRefused 401 for a User that the token must not reach, or an inactive one.
   */
  async userOf(
    introspection: ActiveIntrospection,
    provider: IdentityProvider | undefined,
    token: string | undefined,
  ): Promise<DirectoryUser | undefined> {
    const { claims, introspector } = introspection;
    const subject = { claims, system: provider?.system };
    const lookup = await findUser(subject, introspector, this.users, this.policies);
    if (lookup.outcome === 'found') {
      return provider ? this.current(lookup.user, introspection, provider, token) : lookup.user;
    }
    if (lookup.outcome === 'nobody' || !provider?.active) return undefined;
    // Who is not found by identifier the next time would be created over and over.
    if (!introspector.userResolution.includes('identifier')) return undefined;
    return active(await this.justInTime.userFor(introspection, provider, token));
  }

  private async current(
    user: DirectoryUser,
    introspection: ActiveIntrospection,
    provider: IdentityProvider,
    token: string | undefined,
  ): Promise<DirectoryUser | undefined> {
    const mayHaveChanged = await this.userRefresh.refresh(user, introspection, provider, token);
    return mayHaveChanged ? active(await this.users.byId(user.id)) : user;
  }
}

function active(user: DirectoryUser | undefined): DirectoryUser | undefined {
  if (user) checkActiveUser(user);
  return user;
}
