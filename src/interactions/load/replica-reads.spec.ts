import { describe, expect, it } from '@jest/globals';
import type { DataSource, EntityManager } from 'typeorm';
import { BadRequest } from '../../errors/fhir-error.js';
import { Admission } from './admission.js';
import { ReplicaReads, type ReplicaSource } from './replica-reads.js';
import { ReadTooCostly, type WideReads } from './wide-reads.js';

const PRIMARY = 'primary';
const POSITION = { lsn: '0/1', system: '7', database: 'fhir' };

/** What the replica says when it is asked whether it has everything, one after the other. */
interface Replica {
  readonly reached: (boolean | null)[];
  readonly failing?: boolean;
}

/** What it takes the replica to say so, by the clock of these tests. */
const ASKING_MS = 10;

/** @param waiting most that wait while another reads */
function reads({ reached, failing = false }: Replica, patienceMs = 60_000, waiting = 10) {
  const warnings: string[] = [];
  let nowMs = 0;
  let opened = 0;
  const admission = new Admission('searches', { atOnce: 1, waiting, patienceMs: 60_000 });
  const manager = {
    query: () => {
      nowMs += ASKING_MS;
      return Promise.resolve([{ reached: reached.length > 0 ? reached.shift() : false }]);
    },
    place: 'replica',
  } as unknown as EntityManager;
  const dataSource = {
    transaction: (work: (of: EntityManager) => Promise<unknown>) => work(manager),
  } as unknown as DataSource;
  const source: ReplicaSource = {
    position: () => Promise.resolve(POSITION),
    open: () => {
      opened += 1;
      return failing ? Promise.reject(new Error('away')) : Promise.resolve(dataSource);
    },
    admit: (read) => admission.run(read),
    patienceMs,
    warn: (message) => warnings.push(message),
  };
  const primary: WideReads = {
    run: (read) => read({ place: PRIMARY } as unknown as EntityManager),
  };
  return {
    reads: new ReplicaReads(primary, source, () => nowMs),
    warnings,
    opened: () => opened,
    advance: (ms: number) => {
      nowMs += ms;
    },
  };
}

/** What PostgreSQL refused, by its SQLSTATE. */
const refused = (code: string): Error => Object.assign(new Error('refused'), { code });

const placeOf = (manager: EntityManager): unknown => Reflect.get(manager, 'place');
const whereFrom = (manager: EntityManager): Promise<unknown> => Promise.resolve(placeOf(manager));

describe('ReplicaReads', () => {
  it('reads on a replica that has everything', async () => {
    await expect(reads({ reached: [true] }).reads.run(whereFrom)).resolves.toBe('replica');
  });

  it('waits for one that catches up', async () => {
    const { reads: late } = reads({ reached: [false, true] });

    await expect(late.run(whereFrom)).resolves.toBe('replica');
  });

  it.each([[false], [null]])('reads on the primary where it says %s', async (reached) => {
    const { reads: behind, warnings } = reads({ reached: [reached] }, 0);

    await expect(behind.run(whereFrom)).resolves.toBe(PRIMARY);
    expect(warnings).toEqual([]);
  });

  it('leaves one that fails alone for a while', async () => {
    const { reads: broken, warnings, opened, advance } = reads({ reached: [], failing: true });

    await expect(broken.run(whereFrom)).resolves.toBe(PRIMARY);
    await expect(broken.run(whereFrom)).resolves.toBe(PRIMARY);
    expect([opened(), warnings.length]).toEqual([1, 1]);
    advance(5000);
    await expect(broken.run(whereFrom)).resolves.toBe(PRIMARY);
    expect(opened()).toBe(2);
  });

  it('does not ask the primary again what the replica refused', async () => {
    const asked: unknown[] = [];
    const refuse = (manager: EntityManager): Promise<never> => {
      asked.push(placeOf(manager));
      return Promise.reject(new BadRequest('too much'));
    };

    await expect(reads({ reached: [true] }).reads.run(refuse)).rejects.toBeInstanceOf(BadRequest);
    expect(asked).toEqual(['replica']);
  });

  it.each([
    ['22008', Error],
    ['57014', ReadTooCostly],
  ])('goes on reading on a replica that refused a read with %s', async (code, answer) => {
    const { reads: sound, warnings } = reads({ reached: [true, true] });
    const asked: unknown[] = [];
    const bad = (manager: EntityManager): Promise<never> => {
      asked.push(placeOf(manager));
      return Promise.reject(refused(code));
    };

    await expect(sound.run(bad)).rejects.toBeInstanceOf(answer);
    await expect(sound.run(whereFrom)).resolves.toBe('replica');
    expect([asked, warnings]).toEqual([['replica'], []]);
  });

  it.each(['54001', '53400'])('repeats on the primary alone what %s stopped', async (code) => {
    const { reads: sound, warnings } = reads({ reached: [true, true] });
    const large = (manager: EntityManager): Promise<unknown> =>
      placeOf(manager) === PRIMARY ? Promise.resolve(PRIMARY) : Promise.reject(refused(code));

    await expect(sound.run(large)).resolves.toBe(PRIMARY);
    await expect(sound.run(whereFrom)).resolves.toBe('replica');
    expect(warnings).toEqual([]);
  });

  it('leaves one alone that fails by itself', async () => {
    const { reads: broken, warnings } = reads({ reached: [true, true] });
    const conflicting = (manager: EntityManager): Promise<unknown> =>
      placeOf(manager) === PRIMARY ? Promise.resolve(PRIMARY) : Promise.reject(refused('40001'));

    await expect(broken.run(conflicting)).resolves.toBe(PRIMARY);
    await expect(broken.run(whereFrom)).resolves.toBe(PRIMARY);
    expect(warnings).toHaveLength(1);
  });

  it('waits no more, for ten times as long, once one was behind', async () => {
    const { reads: lagging, opened, advance } = reads({ reached: [] }, 2 * ASKING_MS);
    const triesAfter = async (ms: number): Promise<number> => {
      advance(ms);
      await expect(lagging.run(whereFrom)).resolves.toBe(PRIMARY);
      return opened();
    };

    expect(await triesAfter(0)).toBe(1);
    expect(await triesAfter(20 * ASKING_MS - 1)).toBe(1);
    expect(await triesAfter(1)).toBe(2);
  });

  it('lets those that wait for their turn wait for no replica that is behind', async () => {
    const { reads: lagging, opened } = reads({ reached: [] }, 2 * ASKING_MS);

    await expect(Promise.all([1, 2, 3].map(() => lagging.run(whereFrom)))).resolves.toEqual(
      [1, 2, 3].map(() => PRIMARY),
    );
    expect(opened()).toBe(1);
  });

  it('reads on the primary where too many wait for the replica, and leaves it no more alone', async () => {
    const { reads: full, opened, warnings } = reads({ reached: [true, true] }, 60_000, 0);
    const places: unknown[] = [];
    const slow = async (manager: EntityManager): Promise<void> => {
      places.push(placeOf(manager));
      await Promise.resolve();
    };

    await Promise.all([full.run(slow), full.run(slow)]);
    expect(places.sort()).toEqual([PRIMARY, 'replica']);
    await expect(full.run(whereFrom)).resolves.toBe('replica');
    expect([opened(), warnings]).toEqual([2, []]);
  });

  it('repeats on the primary what the replica could not finish', async () => {
    const { reads: conflicting } = reads({ reached: [true] });
    const read = (manager: EntityManager): Promise<string> =>
      placeOf(manager) === PRIMARY
        ? Promise.resolve(PRIMARY)
        : Promise.reject(new Error('canceling statement due to conflict with recovery'));

    await expect(conflicting.run(read)).resolves.toBe(PRIMARY);
  });
});
