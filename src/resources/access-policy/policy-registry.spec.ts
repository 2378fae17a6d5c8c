import type { RowParser } from '../../interactions/registry/resource-registry.js';
import type { ResourceStores } from '../../interactions/storage/resource-stores.js';
import { PolicyRegistry } from './policy-registry.js';
import type { SqlPolicies } from './sql/sql-policies.js';

/** Holds the given policies, parsed as the registry parses rows. */
function registryOf(...policies: readonly object[]): PolicyRegistry {
  let fill = (): void => undefined;
  const stores = {
    registry: <T>(
      _table: unknown,
      parse: RowParser<T>,
      onReplaced: (entries: ReadonlyMap<string, T>) => void,
    ) => {
      fill = () => {
        const parsed = policies.flatMap((policy, at) => {
          const resource = { resourceType: 'AccessPolicy', id: `p${at}`, ...policy };
          const value = parse({ id: resource.id, versionId: 1, resource, secrets: {} });
          return value === undefined ? [] : [[resource.id, value] as const];
        });
        onReplaced(new Map(parsed));
      };
    },
  };
  const sql: Pick<SqlPolicies, 'dialect'> = {
    dialect: { relations: new Set(), parse: () => ({ kind: 'tree', tree: {} }) },
  };
  const registry = new PolicyRegistry(stores as unknown as ResourceStores, sql as SqlPolicies);
  fill();
  return registry;
}

const LINK = { link: [{ reference: 'User/u1' }] };

describe('PolicyRegistry', () => {
  it.each([
    ['an allow policy', { engine: 'allow', ...LINK }, true],
    ['an allow policy with a roleName', { engine: 'allow', roleName: 'r', ...LINK }, true],
    ['an allow policy that is a draft', { engine: 'allow', status: 'draft', ...LINK }, true],
    ['an allow policy in the shadow', { engine: 'allow', status: 'shadow', ...LINK }, true],
    ['another engine', { engine: 'matcho', matcho: { uri: '/x' }, ...LINK }, false],
    ['an allow policy without link', { engine: 'allow' }, false],
    [
      'an allow policy linked to others',
      { engine: 'allow', link: [{ reference: 'User/u2' }, { reference: 'Client/u1' }] },
      false,
    ],
  ])('tells whether a User is linked to %s', (_what, policy, expected) => {
    expect(registryOf(policy).isAllowLinkedUser('u1')).toBe(expected);
  });

  it.each([
    ['an allow policy', { engine: 'allow', ...LINK }, true],
    ['one with a roleName', { engine: 'allow', roleName: 'r', ...LINK }, false],
    ['a draft', { engine: 'allow', status: 'draft', ...LINK }, false],
    ['another engine', { engine: 'matcho', matcho: { uri: '/x' }, ...LINK }, false],
  ])('makes an administrator by %s: %#', (_what, policy, expected) => {
    expect(registryOf(policy).isAdministratorUser('u1')).toBe(expected);
  });

  it('leaves out a policy that cannot be read', () => {
    expect(registryOf({ engine: 'unheard-of' }, { engine: 'allow' }).current().all).toHaveLength(1);
  });
});
