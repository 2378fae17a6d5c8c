import { Injectable } from '@nestjs/common';
import { IdentityResolver } from '../identity/identity-resolver.js';
import { ANONYMOUS, clientCaller, type Caller } from '../identity/caller.js';
import { InvalidToken } from '../introspection/errors.js';
import { IntrospectorRouter } from '../introspection/introspector-router.js';
import { ClientRegistry } from '../resources/client/client-registry.js';
import { InvalidClient } from './access-errors.js';
import type { Credential } from './http/credential.js';
import type { WishToActAs } from './impersonation-header.js';
import { Impersonation } from './impersonation.js';

/** Credential → Caller. A credential that fails never counts as none, and no other one is tried. */
@Injectable()
export class Authenticator {
  constructor(
    private readonly introspection: IntrospectorRouter,
    private readonly identities: IdentityResolver,
    private readonly clients: ClientRegistry,
    private readonly impersonation: Impersonation,
  ) {}

  /**
   * @param wish whom the sender wants to act as instead, which only administrators may
   * @throws FhirError 401 when the credential is not valid, 503 when that cannot be found out, and
   * what {@link Impersonation} throws.
   */
  async authenticate(credential: Credential, wish?: WishToActAs): Promise<Caller> {
    return this.impersonation.callerFor(await this.sender(credential), wish);
  }

  private async sender(credential: Credential): Promise<Caller> {
    switch (credential.scheme) {
      case 'none':
        return ANONYMOUS;
      case 'basic':
        return this.authenticateClient(credential.clientId, credential.secret);
      case 'bearer':
        return this.authenticateToken(credential.token);
    }
  }

  private authenticateClient(id: string, secret: string): Caller {
    const client = this.clients.verifySecret(id, secret);
    if (!client) throw new InvalidClient();
    return clientCaller(client);
  }

  private async authenticateToken(token: string): Promise<Caller> {
    const introspection = await this.introspection.introspect(token);
    if (!introspection.active) throw new InvalidToken(introspection.refusals);
    return this.identities.resolve(introspection, token);
  }
}
