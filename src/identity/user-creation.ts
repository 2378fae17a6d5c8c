import { Injectable, Logger } from '@nestjs/common';
import type { JsonObject } from '../policy/json.js';
import type { IdentityProvider } from '../resources/identity-provider/identity-provider.js';
import { numberAt } from '../resources/token-introspector/json-members.js';
import type { UserIdentifier } from '../resources/user/user-identifier.js';
import { UserProvisioning } from '../resources/user/user-provisioning.js';
import { dataKeysOf, userDraft } from './user-draft.js';
import { UserMetrics } from './user-metrics.js';

/** Creates the User that an identity provider describes. */
@Injectable()
export class UserCreation {
  private readonly log = new Logger(UserCreation.name);

  constructor(
    private readonly provisioning: UserProvisioning,
    private readonly metrics: UserMetrics,
  ) {}

  /**
   * @param claims of the token that made it necessary
   * @throws Duplicate when another User carries the identifier.
   */
  async create(
    profile: JsonObject,
    identifier: UserIdentifier,
    provider: IdentityProvider,
    claims: JsonObject,
  ): Promise<void> {
    const { scimMappings } = provider;
    const leftOut = await this.provisioning.create(userDraft(profile, identifier, scimMappings), {
      dataKeys: dataKeysOf(profile, scimMappings),
      tokenIat: numberAt(claims, 'iat'),
    });
    this.metrics.count(provider, 'created');
    if (leftOut.length === 0) return;
    this.log.warn(
      `A User of IdentityProvider/${provider.id} was created without ${leftOut.join(', ')}: another User has the value`,
    );
  }
}
