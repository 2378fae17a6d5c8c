import type { AccessRequest } from '../access-request.js';
import type { JsonObject } from '../json.js';
import { parsePolicy } from '../parse-policy.js';
import { buildIndex, MAX_BRANCHES, MAX_LEVELS } from './build-index.js';
import { changed } from './change-index.js';
import { SMALL } from './choice.js';
import type { Demand } from './demand.js';
import { collect, EMPTY, entryOf, MAX_COPIES, type Entry, type IndexNode } from './index-node.js';
import { demandsOfPolicy } from './policy-demands.js';

// Where a policy is filed changes no decision, only what finding it costs: this is about the cost.

const USER = '["user","id"]';
const URI = '["uri"]';

function entry(id: string, matcho: JsonObject): Entry {
  const policy = parsePolicy({ id, engine: 'matcho', matcho });
  return entryOf(policy, demandsOfPolicy(policy) as readonly Demand[], true);
}

/** Policies that each demand one value of a claim that none of the others demands. */
function ofClaim(name: string, count: number): Entry[] {
  return Array.from({ length: count }, (_, at) =>
    entry(`${name}-${at}`, { jwt: { [name]: `${name}-${at}` } }),
  );
}

const added = (to: IndexNode, come: Entry): IndexNode => changed(to, [], [come]);
const removed = (from: IndexNode, gone: Entry): IndexNode => changed(from, [gone], []);
const claimKey = (name: string): string => `["jwt","${name}"]`;
const featuresOf = ({ branches }: IndexNode): readonly string[] =>
  branches.map(({ feature }) => feature.key);
const unfiledIn = ({ entries }: IndexNode): readonly string[] =>
  entries.map(({ policy }) => policy.id);

function childOf(root: IndexNode, feature: string, value: string): IndexNode | undefined {
  return root.branches.find((branch) => branch.feature.key === feature)?.children.get(value);
}

/** An index with as many branches, of different claims. */
function indexWith(branches: number): IndexNode {
  const claims = Array.from({ length: branches }, (_, at) => ofClaim(`f${at}`, SMALL));
  return buildIndex(claims.flat());
}

describe('an index that is built', () => {
  it('tells nothing apart where there are few', () => {
    expect(buildIndex(ofClaim('a', SMALL)).branches).toEqual([]);
    expect(featuresOf(buildIndex(ofClaim('a', SMALL + 1)))).toEqual([claimKey('a')]);
  });

  it('files under the demand that the fewest share, wherever that is written', () => {
    const entries = Array.from({ length: 21 }, (_, at) => {
      const user = { id: `u${at}` };
      return entry(`p${at}`, at % 2 === 0 ? { uri: '/x', user } : { user, uri: '/x' });
    });
    const root = buildIndex(entries);

    expect(featuresOf(root)).toEqual([USER]);
    expect(childOf(root, USER, 'u5')).toMatchObject({ size: 1, branches: [] });
    expect(root.size).toBe(21);
  });

  it.each<[string, number, readonly string[]]>([
    ['by one feature, though others would tell some apart better', 2 * SMALL, [USER]],
    ['by another too, where far more share the value of one', 2 * SMALL + 1, [USER, claimKey('a')]],
  ])('files %s', (_how, crowd, features) => {
    const alone = Array.from({ length: 20 }, (_, at) =>
      entry(`u${at}`, { user: { id: `u${at}` } }),
    );
    const together = Array.from({ length: crowd }, (_, at) =>
      entry(`c${at}`, { jwt: { a: `a${at}` }, user: { id: 'crowd' } }),
    );

    expect(featuresOf(buildIndex([...together, ...alone])).toSorted()).toEqual(
      [...features].toSorted(),
    );
  });

  it('has branches for the features by which the most policies are told apart', () => {
    const groups = Array.from({ length: MAX_BRANCHES + 4 }, (_, at) => ofClaim(`f${at}`, at + 5));
    const root = buildIndex(groups.flat());
    const [unfiled, filed] = [groups.slice(0, 4), groups.slice(4)];

    expect([...featuresOf(root)].toSorted()).toEqual(
      filed.map((_group, at) => claimKey(`f${at + 4}`)).toSorted(),
    );
    expect(unfiledIn(root)).toEqual(unfiled.flat().map(({ policy }) => policy.id));
  });
});

describe('an index with one policy more', () => {
  it('tells nothing apart until there are twice as many', () => {
    const entries = ofClaim('a', 2 * SMALL + 1);
    const few = entries.slice(0, -1).reduce(added, buildIndex([]));

    expect(few.branches).toEqual([]);
    expect(few.size).toBe(2 * SMALL);
    expect(featuresOf(entries.slice(-1).reduce(added, few))).toEqual([claimKey('a')]);
  });

  it.each<[string, JsonObject]>([
    ['first', { user: { id: 'new' }, uri: '/x' }],
    ['last', { uri: '/x', user: { id: 'new' } }],
  ])('files it where it meets the fewest, whether that stands %s', (_place, pattern) => {
    const crowd = Array.from({ length: 10 }, (_, at) => entry(`x${at}`, { uri: '/x' }));
    const users = Array.from({ length: 10 }, (_, at) =>
      entry(`u${at}`, { user: { id: `u${at}` } }),
    );
    const before = buildIndex([...crowd, ...users]);
    const after = added(before, entry('new', pattern));

    expect([...featuresOf(before)].toSorted()).toEqual([URI, USER]);
    expect(after.size).toBe(21);
    expect(childOf(after, USER, 'new')?.size).toBe(1);
    expect(childOf(after, URI, '/x')?.size).toBe(10);
  });

  it('adds no branch where it meets few by those that are there', () => {
    const entries = Array.from({ length: 10 }, (_, at) =>
      entry(`u${at}`, { user: { id: `u${at}` } }),
    );
    const both = { jwt: { late: 'a' }, user: { id: 'u5' } };
    const after = added(buildIndex(entries), entry('new', both));

    expect(featuresOf(after)).toEqual([USER]);
    expect(childOf(after, USER, 'u5')?.size).toBe(2);
  });

  it('adds a branch while there is room, for all values of a feature one', () => {
    const listed = entry('new', { jwt: { late: { $enum: ['a', 'b'] } } });
    const after = added(indexWith(MAX_BRANCHES - 1), listed);

    expect(featuresOf(after)).toHaveLength(MAX_BRANCHES);
    expect(childOf(after, claimKey('late'), 'a')?.size).toBe(1);
    expect(childOf(after, claimKey('late'), 'b')?.size).toBe(1);
  });

  it('adds none where there is no room, and uses those that are there', () => {
    const full = indexWith(MAX_BRANCHES);
    const strange = added(full, entry('new', { jwt: { late: 'a' } }));
    const known = added(full, entry('new', { jwt: { f0: 'another' } }));

    expect(featuresOf(strange)).toEqual(featuresOf(full));
    expect(unfiledIn(strange)).toEqual(['new']);
    expect(unfiledIn(known)).toEqual([]);
    expect(childOf(known, claimKey('f0'), 'another')?.size).toBe(1);
  });
});

describe('an index with one policy less', () => {
  it('has nothing left of it, in its only branch too', () => {
    const entries = ofClaim('a', 10);
    const after = entries.slice(0, 1).reduce(removed, buildIndex(entries));

    expect(after.size).toBe(9);
    expect(childOf(after, claimKey('a'), 'a-0')).toBeUndefined();
    expect(childOf(after, claimKey('a'), 'a-1')?.size).toBe(1);
  });

  it('is the very same where the policy was not there, though others demand the same', () => {
    const root = buildIndex(ofClaim('a', 10));

    expect(removed(root, entry('other', { jwt: { a: 'a-0' } }))).toBe(root);
    expect(removed(root, entry('other', { jwt: { a: 'strange' } }))).toBe(root);
  });
});

describe.each<[string, (entries: readonly Entry[]) => IndexNode]>([
  ['built at once', buildIndex],
  ['built one by one', (entries) => entries.reduce(added, EMPTY)],
])('an index %s', (_how, build) => {
  const COUNT = 4 * SMALL;
  const values = Array.from({ length: 32 }, (_, at) => `v${at}`);
  const listed = { a: { $enum: values }, b: { $enum: values }, c: { $enum: values } };

  it('does not multiply policies by all the lists that they share', () => {
    const root = build(Array.from({ length: COUNT }, (_, at) => entry(`p${at}`, listed)));

    expect(root.branches).not.toEqual([]);
    expect(root.size).toBeLessThanOrEqual(COUNT * MAX_COPIES);
    expect(foundIn(root, { a: 'v1', b: 'v2', c: 'v3' })).toHaveLength(COUNT);
  });

  it('files under each value of a list once, however often it is written', () => {
    const again = { a: { '$one-of': values.map(() => 'same') } };
    const root = build(Array.from({ length: COUNT }, (_, at) => entry(`p${at}`, again)));

    expect(root.size).toBe(COUNT);
  });

  it('gives up where policies demand the same, whatever else they demand', () => {
    const same = Object.fromEntries(Array.from({ length: 4_000 }, (_, at) => [`k${at}`, at]));
    const root = build(Array.from({ length: COUNT }, (_, at) => entry(`p${at}`, same)));

    expect(depthOf(root)).toBe(MAX_LEVELS);
    expect(foundIn(root, same)).toHaveLength(COUNT);
  });

  it('looks at a name once, through however many Roles a User has it', () => {
    const nurse = { role: { $contains: { name: 'nurse' } }, uri: '#^/x' };
    const root = build(Array.from({ length: COUNT }, (_, at) => entry(`p${at}`, nurse)));
    const role = Array.from({ length: 200 }, () => ({ name: 'nurse' }));

    expect(foundIn(root, { uri: '/x', role })).toHaveLength(COUNT);
  });
});

/** Each as often as it is come upon. */
function foundIn(root: IndexNode, request: AccessRequest): readonly Entry[] {
  return collect(root, request) ?? [];
}

function depthOf({ branches }: IndexNode): number {
  const children = branches.flatMap((branch) => [...branch.children.values()]);
  return children.length === 0 ? 0 : 1 + Math.max(...children.map(depthOf));
}
