import { Readable } from 'node:stream';
import { jest } from '@jest/globals';
import { Upstream, type UpstreamAnswer } from '../upstream/upstream.js';
import { UpstreamFailed } from '../upstream/upstream-errors.js';
import { UpstreamStatement } from './upstream-statement.js';

const MINUTE_MS = 60_000;

type Ask = () => Promise<UpstreamAnswer>;

/** Answers what a test has it answer, and counts how often it was asked. */
class ScriptedUpstream extends Upstream {
  asked = 0;

  constructor(public next: Ask) {
    super();
  }

  async send(): Promise<UpstreamAnswer> {
    this.asked += 1;
    return this.next();
  }

  async probe(): Promise<number> {
    return 200;
  }
}

function says(content: object): Ask {
  const text = JSON.stringify({ resourceType: 'CapabilityStatement', ...content });
  return async () => ({ status: 200, headers: {}, body: Readable.from([Buffer.from(text)]) });
}

describe('the statement of the upstream', () => {
  let upstream: ScriptedUpstream;
  let statement: UpstreamStatement;

  beforeEach(async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    upstream = new ScriptedUpstream(says({ date: '2026-01-01', name: 'one' }));
    statement = new UpstreamStatement(upstream);
    await statement.current();
    jest.advanceTimersByTime(MINUTE_MS);
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('is renewed after a minute', async () => {
    upstream.next = says({ date: '2026-01-02', name: 'two' });

    await expect(statement.current()).resolves.toMatchObject({ date: '2026-01-02', name: 'two' });
    await expect(statement.current()).resolves.toMatchObject({ name: 'two' });
    expect(upstream.asked).toBe(2);
  });

  it('is the same object where only its date is another', async () => {
    upstream.next = says({ name: 'one' });
    const renewed = await statement.current();
    jest.advanceTimersByTime(MINUTE_MS);
    upstream.next = says({ date: '2026-01-03', name: 'one' });

    expect(renewed).toMatchObject({ date: '2026-01-01' });
    expect(await statement.current()).toBe(renewed);
    expect(upstream.asked).toBe(3);
  });

  it('is the old one while the upstream does not answer, and the new one afterwards', async () => {
    let answer: ((answer: UpstreamAnswer) => void) | undefined;
    upstream.next = () => new Promise((resolve) => (answer = resolve));
    const asked = statement.current();

    jest.advanceTimersByTime(500);

    await expect(asked).resolves.toMatchObject({ name: 'one' });
    await expect(statement.current()).resolves.toMatchObject({ name: 'one' });
    expect(upstream.asked).toBe(2);
    answer?.(await says({ name: 'two' })());
    await new Promise((resolve) => setImmediate(resolve));
    await expect(statement.current()).resolves.toMatchObject({ name: 'two' });
    expect(upstream.asked).toBe(2);
  });

  it('is the old one while the upstream fails, for an hour', async () => {
    upstream.next = () => Promise.reject(new UpstreamFailed('down'));

    await expect(statement.current()).resolves.toMatchObject({ name: 'one' });
    jest.advanceTimersByTime(60 * MINUTE_MS);
    await expect(statement.current()).rejects.toMatchObject({ status: 502 });
  });
});
