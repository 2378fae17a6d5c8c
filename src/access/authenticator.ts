import { Injectable } from '@nestjs/common';
import { IdentityResolver } from '../identity/identity-resolver.js';
import { ANONYMOUS, type Caller } from '../identity/caller.js';
import { IntrospectionUnavailable, InvalidToken } from '../introspection/errors.js';
import type { Introspection } from '../introspection/introspection.js';
import { IntrospectionMetrics } from '../introspection/introspection-metrics.js';
import { IntrospectorRouter } from '../introspection/introspector-router.js';
import { ClientAuthenticator } from './client-authenticator.js';
import type { Credential } from './http/credential.js';
import type { WishToActAs } from './impersonation-header.js';
import { Impersonation } from './impersonation.js';

/** Credential → Caller. A credential that fails never counts as none, and no other one is tried. */
@Injectable()
export class Authenticator {
  constructor(
    private readonly introspection: IntrospectorRouter,
    private readonly identities: IdentityResolver,
    private readonly clients: ClientAuthenticator,
    private readonly impersonation: Impersonation,
    private readonly metrics: IntrospectionMetrics,
  ) {}

  /**
   * @param addressOf where the credential comes from; asked only where failures are counted
   * @param wish whom the sender wants to act as instead, which only administrators may
   * @throws FhirError 401 when the credential is not valid, 429 when too many were not, 503 when that
   * cannot be found out, and what {@link Impersonation} throws.
   */
  async authenticate(
    credential: Credential,
    addressOf: () => string,
    wish?: WishToActAs,
  ): Promise<Caller> {
    return this.impersonation.callerFor(await this.sender(credential, addressOf), wish);
  }

  private async sender(credential: Credential, addressOf: () => string): Promise<Caller> {
    switch (credential.scheme) {
      case 'none':
        return ANONYMOUS;
      case 'basic':
        return this.clients.authenticate(credential.clientId, credential.secret, addressOf());
      case 'bearer':
        return this.authenticateToken(credential.token);
    }
  }

  private async authenticateToken(token: string): Promise<Caller> {
    const introspection = await this.introspect(token);
    if (!introspection.active) throw new InvalidToken(introspection.refusals);
    return this.identities.resolve(introspection, token);
  }

  private async introspect(token: string): Promise<Introspection> {
    try {
      const introspection = await this.introspection.introspect(token);
      this.metrics.judged(introspection);
      return introspection;
    } catch (error) {
      if (error instanceof IntrospectionUnavailable) this.metrics.unavailable(error.introspectorId);
      throw error;
    }
  }
}
