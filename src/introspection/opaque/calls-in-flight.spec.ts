import { CallsInFlight, TooManyCalls } from './calls-in-flight.js';

/** A call that ends when it is told to. */
function pending(): { call: () => Promise<string>; end: (text: string) => void } {
  let end: (text: string) => void = () => undefined;
  const ended = new Promise<string>((resolve) => {
    end = resolve;
  });
  return { call: () => ended, end };
}

const answers = (text: string) => () => Promise.resolve(text);

describe('calls in flight', () => {
  it('are one for all who ask the same, until it ends', async () => {
    const calls = new CallsInFlight<string>(1);
    const first = pending();
    const asked = [first.call, answers('another')].map((call) => calls.once('a', 'o', call));
    first.end('first');

    await expect(Promise.all(asked)).resolves.toEqual(['first', 'first']);
    await expect(calls.once('a', 'o', answers('next'))).resolves.toBe('next');
  });

  it('are as many as each owner may have, those that have ended not counted', async () => {
    const calls = new CallsInFlight<string>(2);
    const [one, two] = [pending(), pending()];
    const first = calls.once('a', 'o', one.call);
    const second = calls.once('b', 'o', two.call);

    await expect(calls.once('c', 'o', answers('c'))).rejects.toThrow(TooManyCalls);
    await expect(calls.once('c', 'p', answers('c'))).resolves.toBe('c');
    one.end('a');
    await first;
    const third = calls.once('c', 'o', pending().call);
    await expect(calls.once('d', 'o', answers('d'))).rejects.toThrow(TooManyCalls);
    two.end('b');
    await second;
    await expect(calls.once('d', 'o', answers('d'))).resolves.toBe('d');
    void third;
  });

  it('count no more when they have failed', async () => {
    const calls = new CallsInFlight<string>(1);
    const fails = () => Promise.reject(new Error('gone'));

    await expect(calls.once('a', 'o', fails)).rejects.toThrow('gone');
    await expect(calls.once('a', 'o', answers('a'))).resolves.toBe('a');
  });

  it('that were abandoned are for nobody else, and end nobody else', async () => {
    const calls = new CallsInFlight<string>(3);
    const [old, current] = [pending(), pending()];
    const before = calls.once('a', 'o', old.call);
    calls.abandon();
    const after = calls.once('a', 'o', current.call);
    old.end('old');
    await expect(before).resolves.toBe('old');
    const joined = calls.once('a', 'o', answers('none'));
    current.end('current');

    await expect(Promise.all([after, joined])).resolves.toEqual(['current', 'current']);
  });
});
