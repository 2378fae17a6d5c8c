import { beforeEach, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { ChangeFeed, MAX_UNCONFIRMED_MS, type Change } from './change-feed.js';
import { StaleConfiguration } from './stale-configuration.js';

/** The change log as the feed's statements see it. */
class FakeLog {
  revision = 0;
  entries: { revision: number; type: string; id: string }[] = [];
  isDown = false;
  /** Runs while a statement is under way. */
  during: () => Promise<void> = () => Promise.resolve();
  reads = 0;

  write(id: string, type = 'Role'): void {
    this.revision += 1;
    this.entries.push({ revision: this.revision, type, id });
  }

  async query(_sql: string, values: readonly string[] = []): Promise<unknown[]> {
    if (this.isDown) throw new Error('down');
    this.reads += 1;
    const revision = String(this.revision);
    const after = Number(values[0] ?? this.revision);
    const rows = this.entries.filter((entry) => entry.revision > after);
    await this.during();
    if (rows.length === 0) return [{ revision, type: null, id: null }];
    return rows.map(({ type, id }) => ({ revision, type, id }));
  }
}

class Recorder {
  readonly seen: string[] = [];
  failures = 0;

  onChanges(changes: readonly Change[]): Promise<void> {
    return this.note(changes.map(({ id }) => id).join(' '));
  }

  onReset(): Promise<void> {
    return this.note('reset');
  }

  private note(what: string): Promise<void> {
    if (this.failures > 0) {
      this.failures -= 1;
      return Promise.reject(new Error('listener failed'));
    }
    this.seen.push(what);
    return Promise.resolve();
  }
}

let log: FakeLog;
let listener: Recorder;
let feed: ChangeFeed;
let nowMs: number;

beforeEach(async () => {
  log = new FakeLog();
  listener = new Recorder();
  nowMs = 1000;
  feed = new ChangeFeed(log as unknown as DataSource, () => nowMs);
  feed.subscribe(listener);
  await feed.start();
  listener.seen.length = 0;
});

describe('ChangeFeed', () => {
  it('delivers what came since the last time, once and in order', async () => {
    log.write('a');
    log.write('b');
    await feed.catchUp();
    await feed.catchUp();
    log.write('c');
    await feed.catchUp();

    expect(listener.seen).toEqual(['a b', 'c']);
  });

  it('has everything read again when entries are missing from the log', async () => {
    log.write('a');
    log.write('b');
    log.entries.shift();

    await feed.catchUp();

    expect(listener.seen).toEqual(['reset']);
  });

  it('has everything read again when the revision went back, as after a restore', async () => {
    log.write('a');
    await feed.catchUp();
    log.revision = 0;
    log.entries = [];

    await feed.catchUp();

    expect(listener.seen).toEqual(['a', 'reset']);
  });

  it('delivers again what a listener failed on', async () => {
    log.write('a');
    listener.failures = 1;

    await expect(feed.catchUp()).rejects.toThrow('listener failed');
    await feed.catchUp();

    expect(listener.seen).toEqual(['a']);
  });

  it('repeats a reset that failed', async () => {
    log.revision = 10;
    listener.failures = 1;

    await expect(feed.catchUp()).rejects.toThrow('listener failed');
    await feed.catchUp();

    expect(listener.seen).toEqual(['reset']);
  });

  it('reads once more for a write that was committed while it read', async () => {
    log.during = () => {
      log.during = () => Promise.resolve();
      log.write('late');
      return Promise.resolve();
    };
    const first = feed.catchUp();
    await Promise.all([first, feed.catchUp()]);

    expect(listener.seen).toEqual(['late']);
  });

  it('never reads twice at once, whenever it is called', async () => {
    let atOnce = 0;
    let most = 0;
    log.during = async () => {
      atOnce += 1;
      most = Math.max(most, atOnce);
      await Promise.resolve();
      atOnce -= 1;
    };
    // Each goes on calling from the very moments at which the runs of the others end.
    const caller = async (): Promise<void> => {
      for (let count = 0; count < 50; count += 1) {
        await feed.catchUp();
        for (let ticks = 0; ticks < count % 7; ticks += 1) await Promise.resolve();
      }
    };

    await Promise.all([caller(), caller(), caller()]);

    expect(most).toBe(1);
  });

  it('goes on after a failure while a call is waiting', async () => {
    log.isDown = true;
    const first = feed.catchUp();
    const second = feed.catchUp();
    await expect(first).rejects.toThrow('down');
    await expect(second).rejects.toThrow('down');

    log.isDown = false;
    log.write('a');
    await feed.catchUp();

    expect(listener.seen).toEqual(['a']);
  });
});

describe('ChangeFeed.confirmFresh()', () => {
  it('refuses before the first reading', () => {
    const unread = new ChangeFeed(log as unknown as DataSource, () => nowMs);

    expect(() => unread.confirmFresh()).toThrow(StaleConfiguration);
  });

  it('allows up to the bound and refuses beyond it, until a reading succeeds', async () => {
    log.isDown = true;
    nowMs += MAX_UNCONFIRMED_MS;
    await expect(feed.catchUp()).rejects.toThrow('down');
    expect(() => feed.confirmFresh()).not.toThrow();

    nowMs += 1;
    expect(() => feed.confirmFresh()).toThrow(StaleConfiguration);

    log.isDown = false;
    await feed.catchUp();
    expect(() => feed.confirmFresh()).not.toThrow();
  });

  it('counts from the moment at which a reading began', async () => {
    log.during = () => {
      nowMs += MAX_UNCONFIRMED_MS + 1;
      return Promise.resolve();
    };
    await feed.catchUp();

    expect(() => feed.confirmFresh()).toThrow(StaleConfiguration);
  });

  it('does not count a reading that a listener failed on', async () => {
    log.write('a');
    listener.failures = 1;
    nowMs += MAX_UNCONFIRMED_MS + 1;

    await expect(feed.catchUp()).rejects.toThrow('listener failed');

    expect(() => feed.confirmFresh()).toThrow(StaleConfiguration);
  });

  it('decides nothing when it is distrusted, until it has read again', async () => {
    feed.distrust();
    expect(() => feed.confirmFresh()).toThrow(StaleConfiguration);

    await feed.catchUp();
    expect(() => feed.confirmFresh()).not.toThrow();
  });
});
