import { Injectable, Logger } from '@nestjs/common';
import type { ActiveIntrospection } from '../introspection/introspection.js';
import { PolicyRegistry } from '../resources/access-policy/policy-registry.js';
import { IdentityProviderRegistry } from '../resources/identity-provider/identity-provider-registry.js';
import type { IdentityProvider } from '../resources/identity-provider/identity-provider.js';
import type { UserResolution } from '../resources/token-introspector/token-introspector.js';
import type { DirectoryUser } from '../resources/user/directory-user.js';
import { UserDirectory } from '../resources/user/user-directory.js';
import { tokenCaller, type Caller } from './caller.js';
import { JustInTime } from './just-in-time.js';
import { byBoxUser } from './rules/box-user.js';
import { byIdentifier } from './rules/identifier.js';
import { checkActiveUser } from './rules/inactive-user.js';
import type { Lookup, Subject, Users } from './rules/lookup.js';
import { checkProtectedUser } from './rules/protected-user.js';
import { bySubjectId } from './rules/subject-id.js';
import { UserRefused } from './user-refused.js';

const LOOKUPS: Readonly<
  Record<UserResolution, (subject: Subject, users: Users) => Promise<Lookup>>
> = { box_user: byBoxUser, identifier: byIdentifier, sub: bySubjectId };

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
    const provider = this.activeProvider(introspector.identityProviderId);
    const subject = { claims, system: provider?.system };
    for (const resolution of introspector.userResolution) {
      const lookup = await LOOKUPS[resolution](subject, this.users);
      if (lookup.outcome === 'nobody') return undefined;
      if (lookup.outcome === 'pass') continue;
      if (resolution !== 'identifier') {
        checkProtectedUser(lookup.user, introspector, subject.system, this.policies);
      }
      return accepted(lookup.user);
    }
    // Whoever is created is found by identifier the next time, or would be created over and over.
    if (!provider || !introspector.userResolution.includes('identifier')) return undefined;
    return accepted(await this.justInTime.userFor(introspection, provider, token));
  }

  /** One that is inactive vouches for nobody. */
  private activeProvider(id: string | undefined): IdentityProvider | undefined {
    const provider = id === undefined ? undefined : this.providers.get(id);
    return provider?.active ? provider : undefined;
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

function accepted(user: DirectoryUser | undefined): DirectoryUser | undefined {
  if (user) checkActiveUser(user);
  return user;
}
