import { describe, expect, it, jest } from '@jest/globals';
import type { DataSource, EntityManager } from 'typeorm';
import { ChangeFeed } from '../changes/change-feed.js';
import { StaleConfiguration } from '../changes/stale-configuration.js';
import { UnitOfWork } from './unit-of-work.js';

/** A database that commits whatever it is given, and whose change log can be out of reach. */
function database(): { source: DataSource; statements: string[]; isLogDown: boolean } {
  const statements: string[] = [];
  const state = { isLogDown: false, statements, source: {} as DataSource };
  const manager = {
    query: (sql: string, values: readonly string[]) => {
      statements.push(sql.includes('pg_notify') ? `announce ${values[1]}` : sql);
      return Promise.resolve([]);
    },
  } as unknown as EntityManager;
  state.source = {
    transaction: (work: (manager: EntityManager) => Promise<unknown>) => work(manager),
    query: () =>
      state.isLogDown ? Promise.reject(new Error('down')) : Promise.resolve([{ revision: '0' }]),
  } as unknown as DataSource;
  return state;
}

describe('UnitOfWork', () => {
  it('announces changes last, when every other lock is held', async () => {
    const { source, statements } = database();
    const work = new UnitOfWork(source, new ChangeFeed(source));

    await work.run(async ({ manager, changes }) => {
      changes.push({ type: 'Role', id: 'r1' }, { type: 'Role', id: 'r2' });
      await manager.query('INSERT', []);
    });

    expect(statements).toEqual(['INSERT', 'announce r1', 'announce r2']);
  });

  it('answers a write that is committed, and decides nothing until its effect is known', async () => {
    const state = database();
    const feed = new ChangeFeed(state.source);
    await feed.start();
    state.isLogDown = true;

    const written = new UnitOfWork(state.source, feed).run(({ changes }) => {
      changes.push({ type: 'Role', id: 'r1' });
      return Promise.resolve('written');
    });

    await expect(written).resolves.toBe('written');
    expect(() => feed.confirmFresh()).toThrow(StaleConfiguration);
  });

  it('announces nothing when the work fails', async () => {
    const { source, statements } = database();
    const catchUp = jest.spyOn(ChangeFeed.prototype, 'catchUp');
    const failing = new UnitOfWork(source, new ChangeFeed(source)).run(({ changes }) => {
      changes.push({ type: 'Role', id: 'r1' });
      return Promise.reject(new Error('no'));
    });

    await expect(failing).rejects.toThrow('no');
    expect(statements).toEqual([]);
    expect(catchUp).not.toHaveBeenCalled();
    catchUp.mockRestore();
  });
});
