import { FailureCounter, MAX_COUNTED } from './failure-counter.js';

describe('FailureCounter', () => {
  let now: number;
  let counter: FailureCounter;

  beforeEach(() => {
    now = 5_000;
    counter = new FailureCounter({ failures: 3, windowMs: 1000, blockMs: 4000 }, () => now);
  });

  const count = (key: string, times: number): readonly boolean[] =>
    Array.from({ length: times }, () => counter.count(key));

  it('blocks with the last failure that is borne, and says so once', () => {
    expect(count('a', 5)).toEqual([false, false, true, false, false]);
    expect(counter.blockedForMs('a')).toBe(4000);
    expect(counter.hasBlocks()).toBe(true);
  });

  it('blocks nobody below that, and nobody else', () => {
    count('a', 2);
    expect([counter.blockedForMs('a'), counter.hasBlocks()]).toEqual([0, false]);
    count('a', 1);
    expect(counter.blockedForMs('b')).toBe(0);
  });

  it('forgets failures when their window ends', () => {
    count('a', 2);
    now += 1000;

    expect(count('a', 3)).toEqual([false, false, true]);
  });

  it('ends a block after its time, whatever was tried meanwhile', () => {
    count('a', 3);
    now += 3999;
    count('a', 3);
    expect(counter.blockedForMs('a')).toBe(1);
    now += 1;

    expect([counter.blockedForMs('a'), counter.hasBlocks()]).toEqual([0, false]);
    expect(count('a', 3)).toEqual([false, false, true]);
  });

  it('takes over a block that was begun elsewhere, but never shortens one', () => {
    counter.block('a', 7000);
    expect(counter.blockedForMs('a')).toBe(7000);
    counter.block('a', 10);

    expect(counter.blockedForMs('a')).toBe(7000);
    now += 6999;
    expect(counter.hasBlocks()).toBe(true);
  });

  it('keeps a bounded number of names, those that were touched last', () => {
    count('a', 2);
    for (let index = 1; index < MAX_COUNTED; index += 1) counter.count(`other-${index}`);
    expect(count('a', 1)).toEqual([true]);
    for (let index = 0; index < MAX_COUNTED; index += 1) counter.count(`another-${index}`);

    expect(counter.blockedForMs('a')).toBe(0);
  });
});
