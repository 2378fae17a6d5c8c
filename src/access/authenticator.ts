import { Injectable } from '@nestjs/common';
import { IdentityResolver } from '../identity/identity-resolver.js';
import { ANONYMOUS, type AuthenticatedBy, type Caller } from '../identity/caller.js';
import { IntrospectionUnavailable, InvalidToken } from '../introspection/errors.js';
import type {
  ConfirmedIntrospection,
  InactiveIntrospection,
} from '../introspection/introspection.js';
import { IntrospectionMetrics } from '../introspection/introspection-metrics.js';
import { IntrospectorRouter } from '../introspection/introspector-router.js';
import type { Refusal } from '../introspection/refusal.js';
import { CrossSiteRequest } from './access-errors.js';
import { callerName } from './caller-name.js';
import type { Evidence, Presentation } from '../introspection/possession/presentation.js';
import { ClientAuthenticator } from './client-authenticator.js';
import type { Credential } from './http/credential.js';
import type { WishToActAs } from './impersonation-header.js';
import { Impersonation } from './impersonation.js';

/** What else a request says of its sender. */
export interface RequestOrigin {
  /** Where failures are counted for. */
  address(): string;
  /** What may show that a token was presented by whom it is bound to. */
  evidence(): Evidence;
}

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
   * @param origin asked only as far as the credential needs it
   * @param wish whom the sender wants to act as instead, which only administrators may
   * @throws FhirError 401 when the credential is not valid, 403 for a cookie that a foreign page may
   * have made a browser send, 429 when too many were not valid, 503 when that cannot be found out, and
   * what {@link Impersonation} throws.
   */
  async authenticate(
    credential: Credential,
    origin: RequestOrigin,
    wish?: WishToActAs,
  ): Promise<Caller> {
    const sender = await this.sender(credential, origin);
    const caller = await this.impersonation.callerFor(sender, wish);
    return caller === sender ? sender : actedFor(caller, sender);
  }

  private async sender(credential: Credential, origin: RequestOrigin): Promise<Caller> {
    switch (credential.scheme) {
      case 'none':
        return ANONYMOUS;
      case 'basic': {
        const { clientId, secret } = credential;
        return traceable(
          await this.clients.authenticate(clientId, secret, origin.address()),
          'basic',
        );
      }
      case 'bearer':
      case 'dpop':
        return this.authenticateToken(credential.token, {
          scheme: credential.scheme,
          evidence: origin.evidence(),
        });
      case 'aspxauth':
        return this.authenticateCookie(credential, origin);
    }
  }

  private async authenticateCookie(
    { cookie, isCrossSite }: Extract<Credential, { scheme: 'aspxauth' }>,
    origin: RequestOrigin,
  ): Promise<Caller> {
    const presentation = { scheme: 'bearer', evidence: origin.evidence() } as const;
    const introspection = await this.counted(() =>
      this.introspection.introspectCookie(cookie, presentation),
    );
    if (!introspection.active) throw new InvalidToken(introspection.refusals, 'bearer');
    // Before a User is looked for, who might be created for it.
    if (isCrossSite) throw new CrossSiteRequest();
    // Without the cookie: the userinfo endpoint is no place for it.
    const caller = await this.identities.resolve(introspection);
    return traceable(caller, 'aspxauth', introspection.passedOver);
  }

  private async authenticateToken(token: string, presentation: Presentation): Promise<Caller> {
    const introspection = await this.counted(() =>
      this.introspection.introspect(token, presentation),
    );
    if (!introspection.active) {
      throw new InvalidToken(introspection.refusals, presentation.scheme);
    }
    const caller = await this.identities.resolve(introspection, token);
    return traceable(caller, presentation.scheme, introspection.passedOver);
  }

  private async counted(
    judge: () => Promise<ConfirmedIntrospection | InactiveIntrospection>,
  ): Promise<ConfirmedIntrospection | InactiveIntrospection> {
    try {
      const introspection = await judge();
      this.metrics.judged(introspection);
      return introspection;
    } catch (error) {
      if (error instanceof IntrospectionUnavailable) this.metrics.unavailable(error.introspectorId);
      throw error;
    }
  }
}

const NOBODY: readonly Refusal[] = Object.freeze([]);

function traceable(caller: Caller, scheme: AuthenticatedBy['scheme'], passedOver = NOBODY): Caller {
  return Object.freeze({ ...caller, authenticatedBy: { scheme, passedOver } });
}

/** Who really asks is in the trace, and nowhere else: policies see the one who is acted as. */
function actedFor(caller: Caller, sender: Caller): Caller {
  const { scheme, passedOver } = sender.authenticatedBy ?? {};
  if (scheme === undefined) return caller;
  const authenticatedBy = {
    scheme,
    passedOver: passedOver ?? NOBODY,
    administrator: callerName(sender),
  };
  return Object.freeze({ ...caller, authenticatedBy });
}
