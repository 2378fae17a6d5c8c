import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Json } from '../../policy/json.js';
import { parseRoleRules } from '../identity-provider/role-mapping.js';

/** Which names of Roles there are, for hints about policies that wait for others. */
@Injectable()
export class RoleNames {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Whether a Role has the name, or a roleMapping of an IdentityProvider can make one.
   *
   * @param manager of the transaction whose own writes are to count
   */
  async isKnown(name: string, manager: EntityManager = this.dataSource.manager): Promise<boolean> {
    const held: unknown[] = await manager.query('SELECT 1 FROM role WHERE name = $1 LIMIT 1', [
      name,
    ]);
    return held.length > 0 || (await isMapped(name, manager));
  }
}

async function isMapped(name: string, manager: EntityManager): Promise<boolean> {
  const rows: { mapping: Json }[] = await manager.query(
    `SELECT resource -> 'roleMapping' AS mapping FROM identity_provider
     WHERE resource ? 'roleMapping'`,
  );
  return rows
    .flatMap(({ mapping }) => parseRoleRules(mapping))
    .some((rule) => (rule.kind === 'value' ? rule.role === name : name.startsWith(rule.prefix)));
}
