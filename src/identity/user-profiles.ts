import { Injectable, Logger } from '@nestjs/common';
import type { ActiveIntrospection } from '../introspection/introspection.js';
import { OutboundFailure } from '../introspection/outbound/outbound-failure.js';
import { OutboundHttp } from '../introspection/outbound/outbound-http.js';
import type { JsonObject } from '../policy/json.js';
import type { IdentityProvider } from '../resources/identity-provider/identity-provider.js';
import { at } from '../resources/token-introspector/json-members.js';
import { standardClaims, storableProfile } from './storable-profile.js';

/** Asks what an identity provider knows of the person behind a token. */
@Injectable()
export class UserProfiles {
  private readonly log = new Logger(UserProfiles.name);

  constructor(private readonly outbound: OutboundHttp) {}

  /**
   * The answer of the userinfo endpoint, or the standard claims of the token: where there is no
   * endpoint, when it fails, and when it speaks of another subject (spec §3.5). Fit to be stored.
   *
   * @param token sent to the endpoint; neither kept nor logged. Without one it is not asked
   */
  async profileOf(
    { claims }: ActiveIntrospection,
    provider: IdentityProvider,
    token: string | undefined,
  ): Promise<JsonObject> {
    return (
      (await this.currentProfileOf({ claims }, provider, token)) ??
      storableProfile(standardClaims(claims))
    );
  }

  /**
   * {@link profileOf} from the one place that the provider names: the claims of a token are no substitute
   * for what the userinfo endpoint once said.
   *
   * @returns `undefined` when the endpoint fails, or speaks of another subject.
   */
  async currentProfileOf(
    { claims }: Pick<ActiveIntrospection, 'claims'>,
    provider: IdentityProvider,
    token: string | undefined,
  ): Promise<JsonObject | undefined> {
    if (provider.userinfoEndpoint === undefined) return storableProfile(standardClaims(claims));
    const answer = await this.userinfo(provider, token);
    if (answer === undefined) return undefined;
    // OpenID Connect Core §5.3.2: an answer about another subject must not be used.
    if (at(answer, 'sub') === at(claims, 'sub')) return storableProfile(answer);
    this.warn(provider, 'it speaks of another subject');
    return undefined;
  }

  private async userinfo(
    { userinfoEndpoint, userinfoScheme, ...provider }: IdentityProvider,
    token: string | undefined,
  ): Promise<JsonObject | undefined> {
    if (userinfoEndpoint === undefined || token === undefined) return undefined;
    try {
      return await this.outbound.getJson(userinfoEndpoint, {
        purpose: 'userinfo',
        headers: { authorization: `${userinfoScheme} ${token}` },
      });
    } catch (error) {
      if (!(error instanceof OutboundFailure)) throw error;
      this.warn(provider, error.message);
      return undefined;
    }
  }

  private warn({ id }: Pick<IdentityProvider, 'id'>, why: string): void {
    this.log.warn(`The userinfo of IdentityProvider/${id} is of no use: ${why}`);
  }
}
