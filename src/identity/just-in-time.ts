import { Injectable } from '@nestjs/common';
import { Duplicate } from '../errors/fhir-error.js';
import type { ActiveIntrospection } from '../introspection/introspection.js';
import type { IdentityProvider } from '../resources/identity-provider/identity-provider.js';
import { stringAt } from '../resources/token-introspector/json-members.js';
import type { DirectoryUser } from '../resources/user/directory-user.js';
import { UserDirectory } from '../resources/user/user-directory.js';
import { isStorableIdentifier, type UserIdentifier } from '../resources/user/user-identifier.js';
import { EmailLink } from './email-link.js';
import { IdentitySettings } from './identity-settings.js';
import { UserCreation } from './user-creation.js';
import { UserProfiles } from './user-profiles.js';

/** Creates the User of a subject that an identity provider vouches for and nobody knows yet (spec §3.5). */
@Injectable()
export class JustInTime {
  private readonly inFlight = new Map<string, Promise<DirectoryUser | undefined>>();

  constructor(
    private readonly settings: IdentitySettings,
    private readonly users: UserDirectory,
    private readonly creation: UserCreation,
    private readonly profiles: UserProfiles,
    private readonly emailLink: EmailLink,
  ) {}

  /**
   * The User of a subject: exactly one per (system, `sub`), however many requests and instances ask.
   *
   * @param provider an active one
   * @returns `undefined` when none may be created.
   */
  async userFor(
    introspection: ActiveIntrospection,
    provider: IdentityProvider,
    token: string | undefined,
  ): Promise<DirectoryUser | undefined> {
    const identifier = this.identifierFor(introspection, provider);
    if (!identifier) return undefined;

    const key = JSON.stringify([identifier.system, identifier.value]);
    const running = this.inFlight.get(key);
    if (running) return running;
    const run = this.findOrCreate(introspection, provider, identifier, token).finally(() =>
      this.inFlight.delete(key),
    );
    this.inFlight.set(key, run);
    return run;
  }

  /**
   * The identifier of the User that would be created for a subject that nobody knows.
   *
   * @param provider an active one
   * @returns `undefined` when none may be created.
   */
  identifierFor(
    { claims }: ActiveIntrospection,
    { system }: IdentityProvider,
  ): UserIdentifier | undefined {
    const value = stringAt(claims, 'sub');
    if (!this.settings.createsUsers || !system || !value) return undefined;
    const identifier = { system, value };
    return isStorableIdentifier(identifier) ? identifier : undefined;
  }

  private async findOrCreate(
    introspection: ActiveIntrospection,
    provider: IdentityProvider,
    identifier: UserIdentifier,
    token: string | undefined,
  ): Promise<DirectoryUser | undefined> {
    const existing = await this.carrierOf(identifier);
    if (existing) return existing;
    const profile = await this.profiles.profileOf(introspection, provider, token);
    try {
      const { introspector, claims } = introspection;
      const isLinked = await this.emailLink.link(profile, identifier, provider, introspector);
      if (!isLinked) await this.creation.create(profile, identifier, provider, claims);
    } catch (error) {
      // Another instance was faster: its User is the one.
      if (!isTaken(error)) throw error;
    }
    return this.carrierOf(identifier);
  }

  private carrierOf({ system, value }: UserIdentifier): Promise<DirectoryUser | undefined> {
    return this.users.freshByIdentifier(system, value);
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof Duplicate && error.issues[0]?.expression === 'User.identifier';
}
