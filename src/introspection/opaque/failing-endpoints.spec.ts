import { FailingEndpoints, RETRY_PAUSE_MS } from './failing-endpoints.js';

describe('endpoints that failed', () => {
  it('are down for the length of a pause, whichever way the clock goes', () => {
    const failing = new FailingEndpoints();
    failing.failed('o', true, 10_000);
    const within = RETRY_PAUSE_MS - 1;

    expect([10_000 - within, 10_000, 10_000 + within].map((at) => failing.isDown('o', at))).toEqual(
      [true, true, true],
    );
    expect(failing.isDown('o', 10_000 + RETRY_PAUSE_MS)).toBe(false);
    expect(failing.isDown('o', 10_000 - RETRY_PAUSE_MS)).toBe(false);
    expect(failing.isDown('p', 10_000)).toBe(false);
  });

  it('are not down by what one token may have brought about', () => {
    const failing = new FailingEndpoints();
    failing.failed('o', false, 10_000);

    expect(failing.isDown('o', 10_000)).toBe(false);
  });

  it('stay down while one call asks them again, and were up if none has failed', () => {
    const failing = new FailingEndpoints();
    failing.failed('o', true, 10_000);
    failing.beginRetry('o', 20_000);
    failing.beginRetry('p', 20_000);

    expect(failing.isDown('o', 20_000)).toBe(true);
    expect(failing.recovered('p')).toBe(false);
  });

  it('say once that they fail, and once that they work again', () => {
    const failing = new FailingEndpoints();

    expect([failing.failed('o', true, 1), failing.failed('o', true, 2)]).toEqual([true, false]);
    expect([failing.recovered('o'), failing.recovered('o')]).toEqual([true, false]);
    expect(failing.isDown('o', 2)).toBe(false);
    expect(failing.failed('o', true, 3)).toBe(true);
  });
});
