import { jest } from '@jest/globals';
import type { JsonObject } from '../json.js';
import { parsePolicy } from '../parse-policy.js';
import { buildIndex } from './build-index.js';
import { changed } from './change-index.js';
import type { Demand } from './demand.js';
import { entryOf, type Entry, type IndexNode } from './index-node.js';
import { demandsOfPolicy } from './policy-demands.js';

function entry(id: string, matcho: JsonObject): Entry {
  const policy = parsePolicy({ id, engine: 'matcho', matcho });
  return entryOf(policy, demandsOfPolicy(policy) as readonly Demand[], true);
}

/** Policies of one User each; of every User there is one for each of two issuers. */
function ofUsers(from: number, to: number): Entry[] {
  return Array.from({ length: to - from }, (_, at) => {
    const user = Math.floor((from + at) / 2);
    return entry(`p${from + at}`, { user: { id: `u${user}` }, jwt: { iss: `i${at % 2}` } });
  });
}

/** The ids of the policies below each place, and how many the index says there are. */
function placesOf(index: IndexNode): unknown {
  return {
    size: index.size,
    entries: index.entries.map(({ policy }) => policy.id).toSorted(),
    branches: index.branches.map(({ feature, children }) => [
      feature.key,
      [...children]
        .map(([value, child]) => [value, placesOf(child)] as const)
        .toSorted(([one], [other]) => (String(one) < String(other) ? -1 : 1)),
    ]),
  };
}

const calls = (spied: { mock: { calls: readonly unknown[] } }): number => spied.mock.calls.length;

afterEach(() => {
  jest.restoreAllMocks();
});

describe('many policies that change at once', () => {
  const all = ofUsers(0, 1_200);
  const [gone, kept, come] = [all.slice(0, 400), all.slice(400, 800), all.slice(800)];
  const before = buildIndex([...gone, ...kept]);

  it('are filed as they would be one after the other', () => {
    const without = gone.reduce((index, one) => changed(index, [one], []), before);
    const after = come.reduce((index, one) => changed(index, [], [one]), without);

    expect(placesOf(changed(before, gone, come))).toEqual(placesOf(after));
    expect(placesOf(changed(before, gone, []))).toEqual(placesOf(buildIndex(kept)));
  });

  it('leave the index before as it was', () => {
    const places = placesOf(before);
    changed(before, gone, come);

    expect(placesOf(before)).toEqual(places);
  });

  it('copy what they have in common once', () => {
    // What a map is made of is set in it, too.
    const set = jest.spyOn(Map.prototype, 'set');
    changed(before, gone, come);

    expect(calls(set)).toBeLessThan(5 * all.length);
  });
});

describe('policies that cannot be told apart', () => {
  it('are looked at a few times each, however many come at once', () => {
    let reads = 0;
    const all = Array.from({ length: 400 }, (_, at) => {
      const counted = entry(`p${at}`, { uri: '#^/fhir/' });
      const { demands } = counted;
      return Object.defineProperty({ ...counted }, 'demands', {
        get: () => {
          reads += 1;
          return demands;
        },
      });
    });
    const after = changed(buildIndex(all.slice(0, 200)), [], all.slice(200));

    expect(placesOf(after)).toEqual(placesOf(buildIndex(all)));
    expect(reads).toBeLessThan(10 * all.length);
  });
});

describe('a policy with thousands of equalities that goes', () => {
  const listed = (count: number): JsonObject => ({
    jwt: Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, at])),
  });

  it.each([
    ['alone', 1],
    ['where others are like it', 20],
  ])('is looked for by those only that lead somewhere, %s', (_where, count) => {
    const alike = Array.from({ length: count }, (_, at) => entry(`a${at}`, listed(1_000)));
    const index = buildIndex([...alike, ...ofUsers(0, 40)]);
    const stringify = jest.spyOn(JSON, 'stringify');
    const after = changed(index, alike.slice(0, 1), []);

    expect(calls(stringify)).toBe(0);
    expect(after.size).toBe(index.size - 1);
  });
});
