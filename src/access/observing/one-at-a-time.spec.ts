import { OneAtATime } from './one-at-a-time.js';

describe('OneAtATime', () => {
  it('does what it is given in order, also after a failure, and turns away what is too much', async () => {
    const queue = new OneAtATime();
    const done: number[] = [];
    let most = 0;
    let atWork = 0;
    const work = (number: number) => async (): Promise<void> => {
      atWork += 1;
      most = Math.max(most, atWork);
      await new Promise((resolve) => setImmediate(resolve));
      atWork -= 1;
      done.push(number);
      if (number === 1) throw new Error('fails');
    };

    const taken = Array.from({ length: 12 }, (_none, number) => queue.take(work(number)));
    while (done.length < 9) await new Promise((resolve) => setImmediate(resolve));

    expect(taken.filter((isTaken) => isTaken)).toHaveLength(9);
    expect(done).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(most).toBe(1);
    expect(queue.take(work(12))).toBe(true);
  });
});
