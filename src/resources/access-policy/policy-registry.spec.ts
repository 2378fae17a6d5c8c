import { PersistentMap } from '../../interactions/registry/persistent-map.js';
import type { OnReplaced, RowParser } from '../../interactions/registry/resource-registry.js';
import type { ResourceStores } from '../../interactions/storage/resource-stores.js';
import type { Policy } from '../../policy/policy.js';
import { PolicyRegistry } from './policy-registry.js';
import type { SqlPolicies } from './sql/sql-policies.js';

type Sources = Readonly<Record<string, object | undefined>>;

/** A registry, and what its table tells it: all policies by id, or the changes of some. */
function registryAndFeed() {
  let parse: RowParser<Policy> = () => undefined;
  let tell: OnReplaced<Policy> = () => undefined;
  const stores = {
    registry: (_table: unknown, parser: RowParser<Policy>, onReplaced: OnReplaced<Policy>) => {
      parse = parser;
      tell = onReplaced;
    },
  };
  const sql: Pick<SqlPolicies, 'dialect'> = {
    dialect: { relations: new Set(), parse: () => ({ kind: 'tree', tree: {} }) },
  };
  const registry = new PolicyRegistry(stores as unknown as ResourceStores, sql as SqlPolicies);
  const parsed = (sources: Sources) =>
    Object.entries(sources).map(([id, source]) => {
      const resource = { resourceType: 'AccessPolicy', id, ...source };
      return [id, source && parse({ id, versionId: 1, resource, secrets: {} })] as const;
    });
  let entries = PersistentMap.of<Policy>([]);
  return {
    registry,
    reset: (sources: Sources) => {
      const known = parsed(sources).flatMap(([id, policy]) =>
        policy ? [[id, policy] as const] : [],
      );
      entries = PersistentMap.of(known);
      tell(entries);
    },
    change: (sources: Sources) => {
      const changed = new Map(parsed(sources));
      entries = entries.with(changed);
      tell(entries, changed);
    },
  };
}

/** Holds the given policies, parsed as the registry parses rows. */
function registryOf(...policies: readonly object[]): PolicyRegistry {
  const { registry, reset } = registryAndFeed();
  reset(Object.fromEntries(policies.map((policy, at) => [`p${at}`, policy])));
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

  it('follows changes of single policies: what comes, what changes and what goes', () => {
    const { registry, reset, change } = registryAndFeed();
    const linkedTo = (user: string) => ({ link: [{ reference: `User/${user}` }] });
    const matcho = { engine: 'matcho', matcho: { uri: '/x' } };
    const seen = () => ({
      candidates: registry
        .current()
        .candidatesFor({ uri: '/x', user: { id: 'u1' } })
        .map(({ id }) => id),
      all: registry.current().all.map(({ id }) => id),
      shadows: registry.shadows().all.map(({ id }) => id),
      administrators: ['u1', 'u2'].filter((id) => registry.isAdministratorUser(id)),
    });
    reset({ a: matcho, b: { engine: 'allow', ...linkedTo('u1') } });
    const first = { candidates: ['b', 'a'], all: ['b', 'a'], shadows: [], administrators: ['u1'] };
    expect(seen()).toEqual(first);

    change({ b: { engine: 'allow', ...linkedTo('u2') }, s: { ...matcho, status: 'shadow' } });
    expect(seen()).toEqual({
      candidates: ['a'],
      all: ['b', 'a', 's'],
      shadows: ['s'],
      administrators: ['u2'],
    });

    change({ a: undefined, b: { ...matcho, status: 'draft' }, s: matcho });
    expect(seen()).toEqual({
      candidates: ['s'],
      all: ['b', 's'],
      shadows: [],
      administrators: [],
    });
  });
});
