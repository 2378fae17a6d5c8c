import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { DataSource } from 'typeorm';
import {
  ChangeFeed,
  type Change,
  type ChangeListener,
} from '../../interactions/changes/change-feed.js';
import type { DirectoryUser } from './directory-user.js';
import { isSameIdentifier } from './user-identifier.js';
import { isStorable, loadUser, usersOfRoles, type UserKey } from './user-query.js';

const MAX_USERS = 10_000;
/** In characters of JSON; a User may be as large as a body. */
const MAX_TOTAL_SIZE = 67_108_864;
const MAX_UNKNOWN = 10_000;

type CachedKey = Exclude<UserKey, { by: 'email' }>;

/**
 * Policy information point: Users with their Roles, read through a bounded cache that is current as
 * the change feed says (spec §10).
 */
@Injectable()
export class UserDirectory implements ChangeListener {
  private readonly users = new LRUCache<string, DirectoryUser>({
    max: MAX_USERS,
    maxSize: MAX_TOTAL_SIZE,
    sizeCalculation: ({ user, roles }) => JSON.stringify([user, roles]).length,
  });
  /** Id of the User that was found by an identifier; only good as long as that User still carries it. */
  private readonly idByIdentifier = new LRUCache<string, string>({ max: MAX_USERS });
  /** Apart from the Users, so that made-up subjects do not crowd them out. */
  private readonly unknown = new LRUCache<string, true>({ max: MAX_UNKNOWN });
  private loading = new Map<string, Promise<DirectoryUser | undefined>>();

  constructor(
    private readonly dataSource: DataSource,
    feed: ChangeFeed,
  ) {
    feed.subscribe(this);
  }

  /** @returns `undefined` when there is no such User. */
  byId(id: string): Promise<DirectoryUser | undefined> {
    return this.find({ by: 'id', id });
  }

  /** @returns `undefined` when no User carries the identifier. */
  byIdentifier(system: string, value: string): Promise<DirectoryUser | undefined> {
    return this.find({ by: 'identifier', system, value });
  }

  /** {@link byId} from the database, past the cache. */
  async freshById(id: string): Promise<DirectoryUser | undefined> {
    return this.fresh({ by: 'id', id });
  }

  /** {@link byIdentifier} from the database, past the cache. */
  async freshByIdentifier(system: string, value: string): Promise<DirectoryUser | undefined> {
    return this.fresh({ by: 'identifier', system, value });
  }

  /** The User with this e-mail, whatever its case, from the database; printable ASCII only. */
  async freshByEmail(email: string): Promise<DirectoryUser | undefined> {
    return this.fresh({ by: 'email', email });
  }

  async onReset(): Promise<void> {
    this.forgetLoads();
    this.users.clear();
    this.idByIdentifier.clear();
    this.unknown.clear();
  }

  async onChanges(changes: readonly Change[]): Promise<void> {
    const userIds = idsOf(changes, 'User');
    const roleIds = new Set(idsOf(changes, 'Role'));
    if (userIds.length === 0 && roleIds.size === 0) return;
    this.forgetLoads();
    if (userIds.length > 0) this.unknown.clear();
    for (const id of userIds) this.users.delete(id);
    if (roleIds.size > 0) await this.forgetHolders(roleIds);
  }

  /** Both who held a changed Role and who holds it now. */
  private async forgetHolders(roleIds: ReadonlySet<string>): Promise<void> {
    const holders = await usersOfRoles(this.dataSource, [...roleIds]);
    for (const id of holders) this.users.delete(id);
    for (const [id, { roles }] of [...this.users.entries()]) {
      if (roles.some((role) => roleIds.has(role.id))) this.users.delete(id);
    }
  }

  /** What began to load before a change may lack it: neither stored nor handed to later requests. */
  private forgetLoads(): void {
    this.loading = new Map();
  }

  private async find(key: CachedKey): Promise<DirectoryUser | undefined> {
    const name = JSON.stringify(key);
    const cached = this.cached(key, name);
    if (cached) return cached;
    if (this.unknown.has(name) || !isStorable(key)) return undefined;
    return this.loading.get(name) ?? this.load(key, name);
  }

  private cached(key: CachedKey, name: string): DirectoryUser | undefined {
    if (key.by === 'id') return this.users.get(key.id);
    const id = this.idByIdentifier.get(name);
    const user = id === undefined ? undefined : this.users.get(id);
    return user?.identifiers.some((identifier) => isSameIdentifier(identifier, key))
      ? user
      : undefined;
  }

  private load(key: CachedKey, name: string): Promise<DirectoryUser | undefined> {
    const generation = this.loading;
    const load = loadUser(this.dataSource, key)
      .then((user) => {
        if (generation === this.loading) this.keep(key, name, user);
        return user;
      })
      .finally(() => generation.delete(name));
    generation.set(name, load);
    return load;
  }

  private keep(key: CachedKey, name: string, user: DirectoryUser | undefined): void {
    if (!user) {
      this.unknown.set(name, true);
      return;
    }
    this.users.set(user.id, user);
    if (key.by === 'identifier') this.idByIdentifier.set(name, user.id);
  }

  private async fresh(key: UserKey): Promise<DirectoryUser | undefined> {
    return isStorable(key) ? loadUser(this.dataSource, key) : undefined;
  }
}

function idsOf(changes: readonly Change[], wanted: string): readonly string[] {
  return changes.filter(({ type }) => type === wanted).map(({ id }) => id);
}
