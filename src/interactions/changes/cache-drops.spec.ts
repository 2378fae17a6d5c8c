import type { DataSource } from 'typeorm';
import type { Transaction } from '../storage/transaction.js';
import { CacheDrops, type CacheOwner } from './cache-drops.js';
import type { Change } from './change-feed.js';

class EpochTable {
  epoch: string | undefined = 'first';

  query(_statement: string, parameters?: readonly string[]): Promise<{ epoch: string }[]> {
    if (parameters) this.epoch = parameters[0];
    return Promise.resolve(this.epoch === undefined ? [] : [{ epoch: this.epoch }]);
  }
}

class RecordingOwner implements CacheOwner {
  readonly seen: string[] = [];
  failures = 0;

  dropCache(epoch: string): void {
    if (this.failures-- > 0) throw new Error('owner failed');
    this.seen.push(epoch);
  }
}

let table: EpochTable;
let log: Change[];
let owners: readonly [RecordingOwner, RecordingOwner];
let drops: CacheDrops;

beforeEach(() => {
  table = new EpochTable();
  log = [];
  owners = [new RecordingOwner(), new RecordingOwner()];
  drops = new CacheDrops(table as unknown as DataSource, {
    run: (work) => work({ manager: table, changes: log } as unknown as Transaction),
  });
  for (const owner of owners) drops.join(owner);
});

describe('CacheDrops', () => {
  it('hands out the epoch of the database at the start', async () => {
    await drops.onReset();

    expect(owners.map(({ seen }) => seen)).toEqual([['first'], ['first']]);
  });

  it('logs a new epoch each time, in the transaction that stores it', async () => {
    await drops.drop();
    const one = table.epoch;
    await drops.drop();

    expect(log).toEqual([
      { type: '$drop-cache', id: one },
      { type: '$drop-cache', id: table.epoch },
    ]);
    expect(new Set(['first', one, table.epoch]).size).toBe(3);
  });

  it('makes every owner drop when the log says so, once for several drops', async () => {
    await drops.drop();
    await drops.drop();
    await drops.onChanges([{ type: 'User', id: 'u1' }, ...log, { type: 'Role', id: 'r1' }]);

    expect(owners.map(({ seen }) => seen)).toEqual([[table.epoch], [table.epoch]]);
  });

  it('leaves caches alone when something else changed, or a reset shows the same epoch', async () => {
    await drops.onReset();
    await drops.onChanges([{ type: 'User', id: '$drop-cache' }]);
    await drops.onReset();

    expect(owners[0].seen).toEqual(['first']);
  });

  it('makes up for a drop that was missed', async () => {
    await drops.onReset();
    table.epoch = 'second';
    await drops.onReset();

    expect(owners[1].seen).toEqual(['first', 'second']);
  });

  it('is not done until every owner has dropped', async () => {
    owners[1].failures = 1;

    await expect(drops.onReset()).rejects.toThrow('owner failed');
    await drops.onReset();

    expect(owners.map(({ seen }) => seen)).toEqual([['first', 'first'], ['first']]);
  });

  it('works on a table that lost its row', async () => {
    table.epoch = undefined;

    await drops.onReset();

    expect(owners[0].seen).toEqual(['']);
  });
});
