import { Injectable, Logger } from '@nestjs/common';
import { Gone, NotFound, VersionConflict } from '../errors/fhir-error.js';
import type { JsonObject } from '../policy/json.js';
import { PolicyRegistry } from '../resources/access-policy/policy-registry.js';
import { IdentityProviderRegistry } from '../resources/identity-provider/identity-provider-registry.js';
import type { IdentityProvider } from '../resources/identity-provider/identity-provider.js';
import { at, stringAt } from '../resources/token-introspector/json-members.js';
import type { IntrospectorIdentity } from '../resources/token-introspector/token-introspector.js';
import { carriesSystem, type DirectoryUser } from '../resources/user/directory-user.js';
import { UserDirectory } from '../resources/user/user-directory.js';
import type { UserIdentifier } from '../resources/user/user-identifier.js';
import { UserProvisioning } from '../resources/user/user-provisioning.js';
import { isProtected } from './rules/protected-user.js';
import { UserMetrics } from './user-metrics.js';

/** Links a new subject to the User that has its verified e-mail (spec §3.7). */
@Injectable()
export class EmailLink {
  private readonly log = new Logger(EmailLink.name);

  constructor(
    private readonly users: UserDirectory,
    private readonly provisioning: UserProvisioning,
    private readonly policies: PolicyRegistry,
    private readonly providers: IdentityProviderRegistry,
    private readonly metrics: UserMetrics,
  ) {}

  /** @returns whether a User carries the identifier now. */
  async link(
    profile: JsonObject,
    identifier: UserIdentifier,
    provider: IdentityProvider,
    introspector: IntrospectorIdentity,
  ): Promise<boolean> {
    if (!provider.linksByEmail || at(profile, 'email_verified') !== true) return false;
    const user = await this.users.freshByEmail(stringAt(profile, 'email') ?? '');
    if (!user || !this.mayLink(user, identifier.system, introspector)) return false;
    try {
      await this.provisioning.addIdentifier(user, identifier);
    } catch (error) {
      // Written or deleted meanwhile: what was looked at is no longer so.
      if (!(error instanceof VersionConflict || isAbsent(error))) throw error;
      return this.link(profile, identifier, provider, introspector);
    }
    this.metrics.count(provider, 'linked');
    this.log.log(`User/${user.id} was linked by e-mail to IdentityProvider/${provider.id}`);
    return true;
  }

  private mayLink(
    user: DirectoryUser,
    system: string,
    { trustedUserIds }: IntrospectorIdentity,
  ): boolean {
    // An e-mail may be given to somebody else; the first subject that it was linked to keeps the User.
    if (carriesSystem(user, system)) return false;
    if (trustedUserIds.includes(user.id)) return true;
    // A subject of another provider may have claimed the e-mail before its owner came, and would share the User.
    if (user.identifiers.some((other) => this.providers.hasSystem(other.system))) return false;
    return !isProtected(user, this.policies);
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof NotFound || error instanceof Gone;
}
