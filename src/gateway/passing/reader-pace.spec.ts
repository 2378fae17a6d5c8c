import { paceOfClients, ReaderPace } from './reader-pace.js';

const KIB = 1024;
const PACE = paceOfClients(30_000);

/** Milliseconds for which a reader is waited for, who is given up when it takes longer than that; at most so many. */
function keptFor(bytes: number, everyMs: number, mostMs: number): number {
  const pace = new ReaderPace(PACE);
  let atMs = 0;
  while (atMs < mostMs && everyMs <= pace.patienceMs) {
    pace.took(bytes, everyMs);
    atMs += everyMs;
  }
  return atMs;
}

describe('a reader', () => {
  const HOUR_MS = 3_600_000;

  it.each([
    ['16 KiB a second', 16 * KIB, 1000],
    ['16 KiB a second, in long steps', 464 * KIB, 29_000],
    ['as little as it may', 8 * KIB, 1000],
    ['64 KiB every 20 ms', 64 * KIB, 20],
  ])('may go on who takes %s', (_name, bytes, everyMs) => {
    expect(keptFor(bytes, everyMs, HOUR_MS)).toBeGreaterThanOrEqual(HOUR_MS);
  });

  it.each([
    ['4 KiB a second', 4 * KIB, 1000, 119_000],
    ['a byte in a while', 1, 29_000, 58_000],
    ['nothing for too long', 100_000 * KIB, 31_000, 0],
  ])('is given up who takes %s', (_name, bytes, everyMs, keptMs) => {
    expect(keptFor(bytes, everyMs, HOUR_MS)).toBe(keptMs);
  });

  it('cannot save up', () => {
    const pace = new ReaderPace(PACE);
    pace.took(1_048_576 * KIB, 0);

    pace.took(0, 50_000);

    expect(pace.patienceMs).toBe(10_000);
  });
});
