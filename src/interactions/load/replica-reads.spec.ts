import { describe, expect, it } from '@jest/globals';
import type { DataSource, EntityManager } from 'typeorm';
import { BadRequest } from '../../errors/fhir-error.js';
import { ReplicaReads, type ReplicaSource } from './replica-reads.js';
import type { WideReads } from './wide-reads.js';

const PRIMARY = 'primary';
const POSITION = { lsn: '0/1', system: '7', database: 'fhir' };

/** What the replica says when it is asked whether it has everything, one after the other. */
interface Replica {
  readonly reached: (boolean | null)[];
  readonly failing?: boolean;
}

function reads({ reached, failing = false }: Replica, patienceMs = 60_000) {
  const warnings: string[] = [];
  let nowMs = 0;
  let opened = 0;
  const manager = {
    query: () => Promise.resolve([{ reached: reached.shift() ?? false }]),
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
    admit: (read) => read(),
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

  it('repeats on the primary what the replica could not finish', async () => {
    const { reads: conflicting } = reads({ reached: [true] });
    const read = (manager: EntityManager): Promise<string> =>
      placeOf(manager) === PRIMARY
        ? Promise.resolve(PRIMARY)
        : Promise.reject(new Error('canceling statement due to conflict with recovery'));

    await expect(conflicting.run(read)).resolves.toBe(PRIMARY);
  });
});
