import { OutboundFailure } from '../outbound/outbound-failure.js';
import { inTime } from './in-time.js';

const never = new Promise<never>(() => undefined);
const timers = (): number =>
  process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

describe('a call that others share', () => {
  it('is waited for while there is time, and leaves no timer behind', async () => {
    const before = timers();

    await expect(inTime(Promise.resolve(1), 60_000)).resolves.toBe(1);
    await expect(inTime(Promise.reject(new Error('x')), 60_000)).rejects.toThrow('x');
    expect(timers()).toBe(before);
  });

  it.each([1, 0, -1])('is waited for no longer than %i ms', async (leftMs) => {
    await expect(inTime(never, leftMs)).rejects.toThrow(OutboundFailure);
  });
});
