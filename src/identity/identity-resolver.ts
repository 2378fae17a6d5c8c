import { Injectable, Logger } from '@nestjs/common';
import type { ActiveIntrospection } from '../introspection/introspection.js';
import { PolicyRegistry } from '../resources/access-policy/policy-registry.js';
import { IdentityProviderRegistry } from '../resources/identity-provider/identity-provider-registry.js';
import type { IdentityProvider } from '../resources/identity-provider/identity-provider.js';
import type { IntrospectorIdentity } from '../resources/token-introspector/token-introspector.js';
import type { DirectoryUser } from '../resources/user/directory-user.js';
import { UserDirectory } from '../resources/user/user-directory.js';
import { tokenCaller, type Caller } from './caller.js';
import { findUser } from './find-user.js';
import { JustInTime } from './just-in-time.js';
import { checkActiveUser } from './rules/inactive-user.js';
import { UserRefused } from './user-refused.js';

/** Policy information point: claims of a verified token → User, Roles (spec §3). */
@Injectable()
export class IdentityResolver {
  private readonly log = new Logger(IdentityResolver.name);

  constructor(
    private readonly users: UserDirectory,
    private readonly providers: IdentityProviderRegistry,
    private readonly policies: PolicyRegistry,
    private readonly justInTime: JustInTime,
  ) {}

  /**
   * The caller behind a token. Nobody at all is no error: policies then see the claims only.
   *
   * @param token the bearer token itself, for the userinfo endpoint; neither kept nor logged
   * @throws UserRefused 401 for a User that the token must not reach, or an inactive one.
   */
  async resolve(introspection: ActiveIntrospection, token: string): Promise<Caller> {
    try {
      return tokenCaller(introspection, await this.userOf(introspection, token));
    } catch (error) {
      if (error instanceof UserRefused) this.trace(error, introspection);
      throw error;
    }
  }

  private async userOf(
    introspection: ActiveIntrospection,
    token: string,
  ): Promise<DirectoryUser | undefined> {
    const { claims, introspector } = introspection;
    const provider = this.providerOf(introspector);
    const subject = { claims, system: provider?.system };
    const lookup = await findUser(subject, introspector, this.users, this.policies);
    if (lookup.outcome === 'found') return lookup.user;
    if (lookup.outcome === 'nobody' || !provider?.active) return undefined;
    // Who is not found by identifier the next time would be created over and over.
    if (!introspector.userResolution.includes('identifier')) return undefined;
    const created = await this.justInTime.userFor(introspection, provider, token);
    if (created) checkActiveUser(created);
    return created;
  }

  private providerOf({
    identityProviderId: id,
  }: IntrospectorIdentity): IdentityProvider | undefined {
    return id === undefined ? undefined : this.providers.get(id);
  }

  private trace({ rule, userId }: UserRefused, { introspector }: ActiveIntrospection): void {
    this.log.warn({
      message: 'A token of an identity provider was refused',
      rule,
      user: `User/${userId}`,
      introspector: `TokenIntrospector/${introspector.id}`,
    });
  }
}
