import { setTimeout as delay } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { StoredProofs } from './stored-proofs.js';

const KEEP_MS = 90_000;
const BATCH = 10_000;

/** A database with a unique key, and rows that have expired. */
class Database {
  readonly added: [string, number][] = [];
  expired = 0;
  deletions = 0;
  mode: 'up' | 'silent' | 'down' = 'up';

  query(text: string, [digest, keepMs]: readonly unknown[] = []): Promise<unknown> {
    if (this.mode === 'silent') return new Promise(() => undefined);
    if (this.mode === 'down') return Promise.reject(new Error('no connection'));
    return Promise.resolve(
      text.includes('INSERT') ? this.add(String(digest), Number(keepMs)) : this.remove(),
    );
  }

  private add(digest: string, keepMs: number): readonly unknown[] {
    const isThere = this.added.some(([known]) => known === digest);
    this.added.push([digest, keepMs]);
    return isThere ? [] : [1];
  }

  private remove(): readonly [unknown, number] {
    this.deletions += 1;
    const removed = Math.min(this.expired, BATCH);
    this.expired -= removed;
    return [[], removed];
  }
}

let database: Database;
let proofs: StoredProofs;
let nowMs: number;

const digest = (text: string): Buffer => Buffer.from(text);
const add = (text: string, keepMs = KEEP_MS): Promise<boolean> => proofs.add(digest(text), keepMs);
/** Lets what nobody waits for happen. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

beforeEach(() => {
  nowMs = 1_000;
  jest.spyOn(performance, 'now').mockImplementation(() => nowMs);
  database = new Database();
  proofs = new StoredProofs(database as unknown as DataSource);
});
afterEach(() => {
  jest.restoreAllMocks();
});

describe('proofs that were used', () => {
  it('serve once, each by itself', async () => {
    expect([await add('a'), await add('b'), await add('a')]).toEqual([true, true, false]);
  });

  it('serve once on all instances', async () => {
    const elsewhere = new StoredProofs(database as unknown as DataSource);

    expect(await add('a')).toBe(true);
    expect(await elsewhere.add(digest('a'), KEEP_MS)).toBe(false);
  });

  it('are kept for as long as is said, and cost the database nothing meanwhile', async () => {
    await add('a', 100);
    await add('a', 100);
    expect(database.added).toEqual([['a', 100]]);
    nowMs += 200;
    // The cache looks at the clock once a millisecond.
    await delay(20);
    await add('a', 100);
    expect(database.added).toHaveLength(2);
  });

  it('are not taken for used where the database fails', async () => {
    database.mode = 'down';
    await expect(add('a')).rejects.toThrow('no connection');
    database.mode = 'up';

    expect(await add('a')).toBe(true);
  });

  it('leave no timer behind once the database has answered', async () => {
    const timers = () =>
      process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    await add('a');
    await settle();

    expect(timers()).toBeLessThanOrEqual(before);
  });

  it('keep nobody waiting for a silent database', async () => {
    database.mode = 'silent';

    await expect(add('a')).rejects.toThrow('The database took longer than 3000 ms');
  });
});

describe('proofs that have expired', () => {
  it('are removed with the first that is added, in batches, then once a minute', async () => {
    database.expired = 2 * BATCH + 1;
    await add('a');
    await settle();
    expect([database.expired, database.deletions]).toEqual([0, 3]);
    nowMs += 59_999;
    await add('b');
    await settle();
    expect(database.deletions).toBe(3);
    nowMs += 1;
    await add('c');
    await settle();
    expect(database.deletions).toBe(4);
  });

  it('that cannot be removed are in nobody’s way, and logged', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue();
    const query = jest.spyOn(database, 'query');
    query.mockImplementation((text) =>
      text.includes('INSERT') ? Promise.resolve([1]) : Promise.reject(new Error('no connection')),
    );

    expect(await add('a')).toBe(true);
    await settle();
    expect(query).toHaveBeenCalledTimes(2);
    expect(warn).toHaveBeenCalledWith('Expired proofs cannot be removed: Error: no connection');
  });
});
