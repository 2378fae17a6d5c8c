import { getEventListeners } from 'node:events';
import { untilAborted } from './until-aborted.js';

const never = new Promise<never>(() => undefined);

describe('untilAborted', () => {
  it('brings what the promise brings', async () => {
    const { signal } = new AbortController();

    await expect(untilAborted(Promise.resolve(1), signal)).resolves.toBe(1);
    await expect(untilAborted(Promise.reject(new Error('x')), signal)).rejects.toThrow('x');
  });

  it('ends with the signal, one that was aborted before included', async () => {
    const controller = new AbortController();
    const waiting = untilAborted(never, controller.signal);
    controller.abort(new Error('late'));

    await expect(waiting).rejects.toThrow('late');
    await expect(untilAborted(never, controller.signal)).rejects.toThrow('late');
  });

  it('leaves nothing behind on a signal that outlives it', async () => {
    const { signal } = new AbortController();
    await untilAborted(Promise.resolve(1), signal);

    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});
