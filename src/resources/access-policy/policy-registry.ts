import { Injectable, Logger } from '@nestjs/common';
import { systemTable } from '../../interactions/storage/resource-table.js';
import { ResourceStores } from '../../interactions/storage/resource-stores.js';
import type { MapChanges } from '../../interactions/registry/persistent-map.js';
import type { RegistryRow } from '../../interactions/registry/resource-registry.js';
import { activated } from '../../policy/activated.js';
import { isAdministratorGrant } from '../../policy/administration.js';
import { NO_POLICIES, type Policies, type PolicySet } from '../../policy/index/policy-set.js';
import type { JsonObject } from '../../policy/json.js';
import { parsePolicy } from '../../policy/parse-policy.js';
import type { Policy } from '../../policy/policy.js';
import { SqlPolicies } from './sql/sql-policies.js';

/** Ids of the Users or Clients that a set of policies is linked to. */
interface Linked {
  readonly users: ReadonlySet<string>;
  readonly clients: ReadonlySet<string>;
}

/** Policy retrieval point: every AccessPolicy, compiled, indexed, in memory. */
@Injectable()
export class PolicyRegistry {
  private readonly logger = new Logger(PolicyRegistry.name);
  private known: Policies = new Map<string, Policy>();
  private policies: PolicySet = NO_POLICIES;
  private shadowed: PolicySet = NO_POLICIES;
  private administrators: Linked = { users: new Set(), clients: new Set() };
  private allowLinkedUsers: ReadonlySet<string> = new Set();

  constructor(
    stores: ResourceStores,
    /** What policies with SQL are evaluated by. */
    readonly sql: SqlPolicies,
  ) {
    stores.registry(
      systemTable('AccessPolicy'),
      (row) => this.parse(row),
      (policies, changed) => this.replace(policies, changed),
    );
  }

  /** The policies of this moment; what is decided together is decided with one of them. */
  current(): PolicySet {
    return this.policies;
  }

  /** The policies with `status: shadow` as they would be if they were active; they decide nothing. */
  shadows(): PolicySet {
    return this.shadowed;
  }

  /** Whether an `engine: allow` policy without `roleName` is linked to the User (spec §7). */
  isAdministratorUser(id: string): boolean {
    return this.administrators.users.has(id);
  }

  /** Whether an `engine: allow` policy without `roleName` is linked to the Client (spec §7). */
  isAdministratorClient(id: string): boolean {
    return this.administrators.clients.has(id);
  }

  /**
   * Whether any `engine: allow` policy is linked to the User, with or without `roleName`, whatever its
   * status (spec §3.2).
   */
  isAllowLinkedUser(id: string): boolean {
    return this.allowLinkedUsers.has(id);
  }

  private replace(policies: Policies, changed?: MapChanges<Policy>): void {
    const before = this.known;
    this.policies = this.policies.changedTo(policies, changed?.keys());
    if (!changed || concerns(changed, before, isShadow)) {
      this.shadowed = this.shadowed.changedTo(shadowsOf(policies));
    }
    if (!changed || concerns(changed, before, allowsAll)) this.readGrants(policies);
    // Last, so that what failed is done again as a whole.
    this.known = policies;
  }

  private readGrants(policies: Policies): void {
    const allowing = [...policies.values()].filter(allowsAll);
    this.allowLinkedUsers = new Set(allowing.flatMap(({ links }) => [...(links?.users ?? [])]));
    const grants = allowing.filter(isAdministratorGrant);
    this.administrators = {
      users: new Set(grants.flatMap(({ links }) => [...(links?.users ?? [])])),
      clients: new Set(grants.flatMap(({ links }) => [...(links?.clients ?? [])])),
    };
  }

  private parse({ id, resource }: RegistryRow): Policy | undefined {
    try {
      return parsePolicy(resource as JsonObject, this.sql.dialect, { isStored: true });
    } catch (error) {
      // Refused when written, so this is a policy of an older release; without it less is allowed.
      this.logger.error(`AccessPolicy/${id} cannot be read and allows nothing: ${String(error)}`);
      return undefined;
    }
  }
}

/** Whether a change brings such a policy, or takes one away. */
function concerns(
  changed: MapChanges<Policy>,
  before: Policies,
  isSuch: (policy: Policy) => boolean,
): boolean {
  for (const [id, after] of changed) {
    const earlier = before.get(id);
    if ((earlier && isSuch(earlier)) || (after && isSuch(after))) return true;
  }
  return false;
}

function isShadow({ status }: Policy): boolean {
  return status === 'shadow';
}

function allowsAll({ engine }: Policy): boolean {
  return engine === 'allow';
}

/** Kept, because the index tells what has changed by identity. */
const ACTIVATED = new WeakMap<Policy, Policy>();

function shadowsOf(policies: Policies): ReadonlyMap<string, Policy> {
  const shadows = new Map<string, Policy>();
  for (const policy of policies.values()) {
    if (!isShadow(policy)) continue;
    const shadow = ACTIVATED.get(policy) ?? activated(policy);
    ACTIVATED.set(policy, shadow);
    shadows.set(policy.id, shadow);
  }
  return shadows;
}
