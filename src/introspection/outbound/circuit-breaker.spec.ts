import {
  CircuitBreaker,
  CircuitOpen,
  FAILURES_TO_OPEN,
  OPEN_MS,
  type BreakerState,
} from './circuit-breaker.js';

class Down extends Error {}

let nowMs: number;
let states: BreakerState[];
let breaker: CircuitBreaker;

beforeEach(() => {
  nowMs = 1000;
  states = [];
  breaker = new CircuitBreaker(
    () => nowMs,
    (state) => states.push(state),
  );
});

const meansDown = (error: unknown): boolean => error instanceof Down;
const succeed = (): Promise<string> => breaker.run(() => Promise.resolve('answer'), meansDown);

function fail(error: Error = new Down()): Promise<unknown> {
  return breaker.run(() => Promise.reject(error), meansDown).catch((reason: unknown) => reason);
}

async function failOften(times = FAILURES_TO_OPEN): Promise<void> {
  for (let count = 0; count < times; count += 1) await fail();
}

/** A call that ends when the test says so. */
function pending(): { readonly done: Promise<unknown>; end(error?: Error): void } {
  let end: (error?: Error) => void = () => undefined;
  const outcome = new Promise<string>((resolve, reject) => {
    end = (error) => {
      if (error) reject(error);
      else resolve('answer');
    };
  });
  const done = breaker.run(() => outcome, meansDown).catch((error: unknown) => error);
  return { done, end };
}

describe('CircuitBreaker', () => {
  it('opens after so many failures in a row, and not before', async () => {
    await failOften(FAILURES_TO_OPEN - 1);
    expect(breaker.state).toBe('closed');
    await expect(succeed()).resolves.toBe('answer');

    await failOften(FAILURES_TO_OPEN);

    expect(breaker.state).toBe('open');
    await expect(succeed()).rejects.toThrow(CircuitOpen);
  });

  it('counts from the last success', async () => {
    await failOften(FAILURES_TO_OPEN - 1);
    await succeed();
    await failOften(FAILURES_TO_OPEN - 1);

    expect(breaker.state).toBe('closed');
  });

  it('takes an error that is an answer for a success', async () => {
    await failOften(FAILURES_TO_OPEN - 1);
    await fail(new Error('status 400'));
    await failOften(FAILURES_TO_OPEN - 1);

    expect(breaker.state).toBe('closed');
    for (let count = 0; count < 100; count += 1) await fail(new Error('status 400'));
    expect(breaker.state).toBe('closed');
  });

  it('makes no call while it is open, and says how long', async () => {
    await failOften();
    nowMs += 500;
    let calls = 0;
    const refused = breaker.run(() => Promise.resolve((calls += 1)), meansDown);

    await expect(refused).rejects.toMatchObject({ retryAfterMs: OPEN_MS - 500 });
    expect(calls).toBe(0);
  });

  it('lets one probe through afterwards and refuses the others at once meanwhile', async () => {
    await failOften();
    nowMs += OPEN_MS;
    const probe = pending();

    expect(breaker.state).toBe('half-open');
    await expect(succeed()).rejects.toThrow(CircuitOpen);
    probe.end();
    await probe.done;
    expect(breaker.state).toBe('closed');
    await expect(succeed()).resolves.toBe('answer');
    expect(states).toEqual(['open', 'half-open', 'closed']);
  });

  it('stays open for another while when the probe fails', async () => {
    await failOften();
    nowMs += OPEN_MS;
    await fail();

    nowMs += OPEN_MS - 1;
    await expect(succeed()).rejects.toThrow(CircuitOpen);
    nowMs += 1;
    await expect(succeed()).resolves.toBe('answer');
  });

  it('closes when the probe brings an answer, even one that is an error', async () => {
    await failOften();
    nowMs += OPEN_MS;
    await fail(new Error('status 404'));

    expect(breaker.state).toBe('closed');
  });

  it('needs as many failures again after it closed', async () => {
    await failOften();
    nowMs += OPEN_MS;
    await succeed();
    await failOften(FAILURES_TO_OPEN - 1);

    expect(breaker.state).toBe('closed');
  });

  it('is neither closed nor kept open by calls that began before it opened', async () => {
    const good = pending();
    const bad = pending();
    await failOften();

    good.end();
    await good.done;
    expect(breaker.state).toBe('open');

    nowMs += OPEN_MS - 1;
    bad.end(new Down());
    await bad.done;
    nowMs += 1;
    await expect(succeed()).resolves.toBe('answer');
  });

  it('is not kept open by failures of calls that began before it opened', async () => {
    const late = Array.from({ length: FAILURES_TO_OPEN }, pending);
    await failOften();
    nowMs += OPEN_MS - 1;
    for (const call of late) {
      call.end(new Down());
      await call.done;
    }
    nowMs += 1;

    await expect(succeed()).resolves.toBe('answer');
  });

  it('does not take a late answer for that of the probe', async () => {
    const late = pending();
    await failOften();
    nowMs += OPEN_MS;
    const probe = pending();
    late.end();
    await late.done;

    expect(breaker.state).toBe('half-open');
    probe.end(new Down());
    await probe.done;
    expect(breaker.state).toBe('open');
  });
});
