import { Injectable, Logger } from '@nestjs/common';
import type {
  ActiveIntrospection,
  ConfirmedIntrospection,
} from '../introspection/introspection.js';
import { IdentityProviderRegistry } from '../resources/identity-provider/identity-provider-registry.js';
import type { IdentityProvider } from '../resources/identity-provider/identity-provider.js';
import type { IntrospectorIdentity } from '../resources/token-introspector/token-introspector.js';
import type { DirectoryUser } from '../resources/user/directory-user.js';
import { serviceAccountCaller, tokenCaller, type Caller, type TokenUser } from './caller.js';
import { ClientRefused } from './client-refused.js';
import { rolesOf } from './mapped-roles.js';
import { serviceAccountOf, type ServiceAccount } from './service-account.js';
import { ServiceAccountClients } from './service-account-clients.js';
import { UserRefused } from './user-refused.js';
import { UserResolver } from './user-resolver.js';

/** Policy information point: claims of a verified token → User and Roles, or Client (spec §3). */
@Injectable()
export class IdentityResolver {
  private readonly log = new Logger(IdentityResolver.name);

  constructor(
    private readonly providers: IdentityProviderRegistry,
    private readonly users: UserResolver,
    private readonly serviceAccounts: ServiceAccountClients,
  ) {}

  /**
   * The caller behind a token. Nobody at all is no error: policies then see the claims only.
   *
   * @param token the bearer token itself, for the userinfo endpoint; neither kept nor logged. Absent
   * when another credential was shown
   * @throws UserRefused 401 for a User that the token must not reach, or an inactive one,
   * ClientRefused likewise.
   */
  async resolve(introspection: ConfirmedIntrospection, token?: string): Promise<Caller> {
    const provider = this.providerOf(introspection.introspector);
    try {
      const account = serviceAccountAt(provider, introspection);
      if (account) {
        const client = await this.serviceAccounts.clientOf(introspection, account);
        return serviceAccountCaller(introspection, client);
      }
      const found = await this.users.userOf(introspection, provider, token);
      return tokenCaller(introspection, found && withRoles(found, introspection, provider));
    } catch (error) {
      this.trace(error, introspection);
      throw error;
    }
  }

  private providerOf({
    identityProviderId: id,
  }: IntrospectorIdentity): IdentityProvider | undefined {
    return id === undefined ? undefined : this.providers.get(id);
  }

  private trace(error: unknown, { introspector }: ActiveIntrospection): void {
    const refused = refusedResource(error);
    if (!refused) return;
    this.log.warn({
      message: 'A token of an identity provider was refused',
      ...refused,
      introspector: `TokenIntrospector/${introspector.id}`,
    });
  }
}

/** The service account that stands for a Client; only an active provider makes Clients of its own. */
export function serviceAccountAt(
  provider: IdentityProvider | undefined,
  { claims }: ActiveIntrospection,
): ServiceAccount | undefined {
  const standsForClient = provider?.active === true && provider.serviceAccounts === 'client';
  return standsForClient ? serviceAccountOf(claims) : undefined;
}

function withRoles(
  found: DirectoryUser,
  { claims }: ActiveIntrospection,
  provider: IdentityProvider | undefined,
): TokenUser {
  return { user: found.user, roles: rolesOf(found, claims, provider) };
}

function refusedResource(error: unknown): Readonly<Record<string, string>> | undefined {
  if (error instanceof UserRefused) return { rule: error.rule, user: `User/${error.userId}` };
  if (error instanceof ClientRefused) {
    return { rule: error.rule, client: `Client/${error.clientId}` };
  }
  return undefined;
}
