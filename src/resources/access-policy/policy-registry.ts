import { Injectable, Logger } from '@nestjs/common';
import { systemTable } from '../../interactions/storage/resource-table.js';
import { ResourceStores } from '../../interactions/storage/resource-stores.js';
import type { RegistryRow } from '../../interactions/registry/resource-registry.js';
import { activated } from '../../policy/activated.js';
import { isAdministratorGrant } from '../../policy/administration.js';
import { NO_POLICIES, type PolicySet } from '../../policy/index/policy-set.js';
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
      (policies) => this.replace(policies),
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

  private replace(policies: ReadonlyMap<string, Policy>): void {
    this.policies = this.policies.changedTo(policies);
    this.shadowed = this.shadowed.changedTo(shadowsOf(policies));
    const allowing = [...policies.values()].filter(({ engine }) => engine === 'allow');
    this.allowLinkedUsers = new Set(allowing.flatMap(({ links }) => [...(links?.users ?? [])]));
    const grants = allowing.filter(isAdministratorGrant);
    this.administrators = {
      users: new Set(grants.flatMap(({ links }) => [...(links?.users ?? [])])),
      clients: new Set(grants.flatMap(({ links }) => [...(links?.clients ?? [])])),
    };
  }

  private parse({ id, resource }: RegistryRow): Policy | undefined {
    try {
      return parsePolicy(resource as JsonObject, this.sql.dialect);
    } catch (error) {
      // Refused when written, so this is a policy of an older release; without it less is allowed.
      this.logger.error(`AccessPolicy/${id} cannot be read and allows nothing: ${String(error)}`);
      return undefined;
    }
  }
}

/** Kept, because the index tells what has changed by identity. */
const ACTIVATED = new WeakMap<Policy, Policy>();

function shadowsOf(policies: ReadonlyMap<string, Policy>): ReadonlyMap<string, Policy> {
  const shadows = new Map<string, Policy>();
  for (const [id, policy] of policies) {
    if (policy.status !== 'shadow') continue;
    const shadow = ACTIVATED.get(policy) ?? activated(policy);
    ACTIVATED.set(policy, shadow);
    shadows.set(id, shadow);
  }
  return shadows;
}
