import { setTimeout as delay } from 'node:timers/promises';
import { Admission } from './admission.js';
import { Overloaded } from './overloaded.js';

/** Work that goes on until it is told to end. */
function held(): { work: () => Promise<string>; end: () => void; hasBegun: () => boolean } {
  let end: () => void = () => undefined;
  let hasBegun = false;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const work = async () => {
    hasBegun = true;
    await ended;
    return 'done';
  };
  return { work, end: () => end(), hasBegun: () => hasBegun };
}

const settled = () => delay(0);

describe('Admission', () => {
  it('lets no more in than it may, and the next when one has left', async () => {
    const admission = new Admission('searches', { atOnce: 2, waiting: 5, patienceMs: 60_000 });
    const [first, second, third] = [held(), held(), held()];
    const running = [first, second, third].map(({ work }) => admission.run(work));
    await settled();
    expect([first, second, third].map(({ hasBegun }) => hasBegun())).toEqual([true, true, false]);

    first.end();
    await running[0];
    await settled();
    expect(third.hasBegun()).toBe(true);
    second.end();
    third.end();
    await expect(Promise.all(running)).resolves.toEqual(['done', 'done', 'done']);
  });

  it('lets in by arrival', async () => {
    const admission = new Admission('searches', { atOnce: 1, waiting: 5, patienceMs: 60_000 });
    const order: number[] = [];
    const holder = held();
    const running = [
      admission.run(holder.work),
      ...[1, 2, 3].map((n) =>
        admission.run(() => {
          order.push(n);
          return Promise.resolve('done');
        }),
      ),
    ];
    holder.end();
    await Promise.all(running);

    expect(order).toEqual([1, 2, 3]);
  });

  it('refuses who would be one too many to wait', async () => {
    const admission = new Admission('searches', { atOnce: 1, waiting: 1, patienceMs: 60_000 });
    const holder = held();
    const running = [admission.run(holder.work), admission.run(() => Promise.resolve('waited'))];

    const refused = admission.run(() => Promise.resolve('never'));
    await expect(refused).rejects.toBeInstanceOf(Overloaded);
    await expect(refused).rejects.toMatchObject({
      status: 503,
      headers: { 'retry-after': '1' },
      issues: [{ code: 'throttled' }],
    });
    holder.end();
    await expect(Promise.all(running)).resolves.toEqual(['done', 'waited']);
  });

  it('lets nobody wait for longer than they may, and forgets them', async () => {
    const admission = new Admission('searches', { atOnce: 1, waiting: 1, patienceMs: 1 });
    const holder = held();
    const running = admission.run(holder.work);
    let hasRun = false;
    const late = admission.run(() => {
      hasRun = true;
      return Promise.resolve();
    });

    await expect(late).rejects.toBeInstanceOf(Overloaded);
    holder.end();
    await running;
    await expect(admission.run(() => Promise.resolve('free'))).resolves.toBe('free');
    expect(hasRun).toBe(false);
  });

  it('gives the place of what fails to the next', async () => {
    const admission = new Admission('searches', { atOnce: 1, waiting: 1, patienceMs: 60_000 });
    const failing = admission.run(() => Promise.reject(new Error('broken')));
    const next = admission.run(() => Promise.resolve('next'));

    await expect(failing).rejects.toThrow('broken');
    await expect(next).resolves.toBe('next');
  });
});
