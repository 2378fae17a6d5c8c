import { jest } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { MetricsRegistry } from '../../metrics/metrics-registry.js';
import type { TracedDecision } from './decision-trace.js';
import { DenialMetrics } from './denial-metrics.js';
import { DenialStore } from './denial-store.js';

const IDS = 0;

/** A database that takes statements when the test says so. */
class SlowDatabase {
  /** Ids of the requests of each statement, in order. */
  readonly taken: (readonly string[])[] = [];
  private readonly held: { resolve: () => void; reject: (error: Error) => void }[] = [];

  query(_text: string, parameters: readonly (readonly string[])[]): Promise<void> {
    this.taken.push(parameters[IDS] ?? []);
    return new Promise((resolve, reject) => this.held.push({ resolve, reject }));
  }

  answer(): void {
    this.held.shift()?.resolve();
  }

  fail(): void {
    this.held.shift()?.reject(new Error('the connection is gone'));
  }
}

let database: SlowDatabase;
let registry: MetricsRegistry;
let store: DenialStore;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'performance'] });
  database = new SlowDatabase();
  registry = new MetricsRegistry();
  const settings = { traces: 0, traceBytes: 0, denialRetentionMs: 1, storedDenials: 1_000 };
  const metrics = new DenialMetrics(registry);
  store = new DenialStore(database as unknown as DataSource, settings, metrics);
});
afterEach(() => {
  jest.useRealTimers();
});

function denial(requestId: string, kind: 'user' | 'anonymous' = 'user'): TracedDecision {
  const trace = {
    ...{ kind: 'refused', requestId, atMs: 0, stage: 'credential', scheme: undefined },
    ...{ caller: { kind }, error: undefined, request: {}, cut: [], isCopy: false, bytes: 1 },
  } as const;
  return { trace: trace as unknown as TracedDecision['trace'], policies: undefined };
}

function addMany(count: number, prefix: string, kind?: 'user' | 'anonymous'): readonly string[] {
  const ids = Array.from({ length: count }, (_, at) => `${prefix}${at}`);
  for (const id of ids) store.add(denial(id, kind));
  return ids;
}

async function lost(): Promise<number> {
  const { values } = (await registry
    .getSingleMetric('wardgate_denials_not_stored_total')
    ?.get()) ?? { values: [] };
  return values[0]?.value ?? 0;
}

/** Lets what is ready happen, and timers go off for a while. */
async function pass(seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    await jest.advanceTimersByTimeAsync(1_000);
    for (let turn = 0; turn < 50; turn += 1) await new Promise((next) => setImmediate(next));
  }
}

describe('denials that are stored', () => {
  it('are written together, a second after the first', async () => {
    store.add(denial('a'));
    store.add(denial('b', 'anonymous'));
    expect(database.taken).toEqual([]);
    await pass(1);

    expect(database.taken).toEqual([['a', 'b']]);
    expect(await lost()).toBe(0);
  });

  it('are lost and counted where more come than may wait, those of strangers by themselves', async () => {
    const known = addMany(201, 'k');
    const others = addMany(52, 'o', 'anonymous');
    await pass(1);

    expect(database.taken).toEqual([[...known.slice(0, 200), ...others.slice(0, 50)]]);
    expect(await lost()).toBe(3);
  });

  it('wait, in bounded number, while the database is silent, and are written when it is back', async () => {
    store.add(denial('first'));
    await pass(1);
    const waiting = addMany(250, 'k');
    await pass(60);
    addMany(40, 'l');

    expect(database.taken).toEqual([['first']]);
    expect(await lost()).toBe(90);
    database.answer();
    await pass(1);
    expect(database.taken).toEqual([['first'], waiting.slice(0, 200)]);
    database.answer();
    store.add(denial('later'));
    await pass(1);
    expect(database.taken.at(-1)).toEqual(['later']);
    expect(await lost()).toBe(90);
  });

  it('are lost and counted where the database refuses them, and nothing is thrown', async () => {
    addMany(3, 'k');
    await pass(1);
    store.add(denial('later'));
    database.fail();
    await pass(1);

    expect(await lost()).toBe(3);
    expect(database.taken.at(-1)).toEqual(['later']);
    database.answer();
    await pass(1);
    expect(await lost()).toBe(3);
  });

  it('are written before an instance ends, after those that are being written', async () => {
    store.add(denial('a'));
    await pass(1);
    store.add(denial('b'));
    const ended = store.onModuleDestroy();
    database.answer();
    await pass(1);
    database.answer();
    await ended;

    expect(database.taken).toEqual([['a'], ['b']]);
  });
});
