import { Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { ActiveIntrospection } from '../introspection/introspection.js';
import type { IdentityProvider } from '../resources/identity-provider/identity-provider.js';
import { numberAt, stringAt } from '../resources/token-introspector/json-members.js';
import type { DirectoryUser } from '../resources/user/directory-user.js';
import { ProvisionedUsers } from '../resources/user/provisioned-users.js';
import { isSameIdentifier } from '../resources/user/user-identifier.js';
import { UserProvisioning } from '../resources/user/user-provisioning.js';
import { IdentitySettings } from './identity-settings.js';
import { refreshedUser } from './refreshed-user.js';
import { dataKeysOf } from './user-draft.js';
import { UserMetrics } from './user-metrics.js';
import { UserProfiles } from './user-profiles.js';

const MAX_REMEMBERED = 10_000;
/** Longest time, in ms, for which an instance does not ask again whether a refresh is due. */
const MAX_PAUSE_MS = 60_000;

/**
 * Keeps the attributes of Users that identity providers created as the provider has them, once they are older
 * than a setting allows (spec §3.5).
 *
 * A User is refreshed in line with a request of its own, so that the request is decided by what the
 * provider says now; one instance does it, and the others go on with what they have.
 */
@Injectable()
export class UserRefresh {
  private readonly log = new Logger(UserRefresh.name);
  private readonly running = new Map<string, Promise<void>>();
  private readonly paused = new LRUCache<string, true>({ max: MAX_REMEMBERED });

  constructor(
    private readonly settings: IdentitySettings,
    private readonly provisioned: ProvisionedUsers,
    private readonly provisioning: UserProvisioning,
    private readonly profiles: UserProfiles,
    private readonly metrics: UserMetrics,
  ) {}

  /**
   * Refreshes a User if that is due. Takes as long as a call to the provider may; a failure leaves the
   * User as it is, and nobody tries again before its age has passed again.
   *
   * @param token sent to the userinfo endpoint; neither kept nor logged. Absent with a cookie
   * @returns whether a refresh ran, so that the User may have changed.
   */
  async refresh(
    user: DirectoryUser,
    introspection: ActiveIntrospection,
    provider: IdentityProvider,
    token: string | undefined,
  ): Promise<boolean> {
    const ageMs = this.settings.refreshUsersAfterMs;
    if (ageMs === undefined || !isItsSubject(user, introspection, provider)) return false;
    // A cookie is nothing that the userinfo endpoint could be asked with.
    if (token === undefined && provider.userinfoEndpoint !== undefined) return false;
    const running = this.running.get(user.id);
    if (!running && this.paused.has(user.id)) return false;
    await (running ?? this.start(user.id, ageMs, introspection, provider, token));
    return true;
  }

  private start(
    id: string,
    ageMs: number,
    introspection: ActiveIntrospection,
    provider: IdentityProvider,
    token: string | undefined,
  ): Promise<void> {
    this.paused.set(id, true, { ttl: Math.min(ageMs, MAX_PAUSE_MS) });
    const run = this.refreshIfDue(id, ageMs, introspection, provider, token)
      .catch((error: unknown) => {
        // What is stored was good enough before; only the requests after an outage would pay for an error.
        this.metrics.count(provider, 'failed');
        this.log.warn(`User/${id} could not be refreshed and stays as it is: ${String(error)}`);
      })
      .finally(() => this.running.delete(id));
    this.running.set(id, run);
    return run;
  }

  private async refreshIfDue(
    id: string,
    ageMs: number,
    introspection: ActiveIntrospection,
    provider: IdentityProvider,
    token: string | undefined,
  ): Promise<void> {
    const tokenIat = numberAt(introspection.claims, 'iat');
    const isFromToken = provider.userinfoEndpoint === undefined;
    // Without its age, a token could bring back what a newer one has ended.
    if (isFromToken && tokenIat === undefined) return;
    const issuedAt = isFromToken ? tokenIat : undefined;
    const claim = await this.provisioned.claim(id, ageMs, issuedAt);
    if (!claim) return;
    const profile = await this.profiles.currentProfileOf(introspection, provider, token);
    if (!profile) {
      this.metrics.count(provider, 'failed');
      return;
    }
    const { scimMappings } = provider;
    const isWritten = await this.provisioning.refresh(
      id,
      (user) => refreshedUser(user, claim.dataKeys, profile, scimMappings),
      { dataKeys: dataKeysOf(profile, scimMappings), tokenIat: issuedAt },
      claim,
    );
    this.metrics.count(provider, isWritten ? 'refreshed' : 'unchanged');
  }
}

/** A User that was found by its id may be somebody else's subject: that is not the provider's to describe. */
function isItsSubject(
  { identifiers }: DirectoryUser,
  { claims }: ActiveIntrospection,
  { active, system }: IdentityProvider,
): boolean {
  const value = stringAt(claims, 'sub');
  if (!active || system === undefined || value === undefined) return false;
  return identifiers.some((identifier) => isSameIdentifier(identifier, { system, value }));
}
