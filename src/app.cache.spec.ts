import { cacheStore } from './app.cache.js';

const MEBI = 1024 * 1024;

describe('the cache in the process', () => {
  it('is bounded by size: the oldest entries go', async () => {
    const store = cacheStore(undefined, () => undefined);
    for (let index = 0; index < 40; index += 1) {
      await store.set(`k${index}`, 'x'.repeat(MEBI), 60_000);
    }

    await expect(store.get('k0')).resolves.toBeUndefined();
    await expect(store.get('k39')).resolves.toHaveLength(MEBI);
  });

  it('is bounded by number', async () => {
    const store = cacheStore(undefined, () => undefined);
    for (let index = 0; index <= 10_000; index += 1) await store.set(`k${index}`, 'x', 60_000);

    await expect(store.get('k0')).resolves.toBeUndefined();
    await expect(store.get('k1')).resolves.toBe('x');
  });
});
