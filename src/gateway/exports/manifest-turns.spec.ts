import { ManifestTurns } from './manifest-turns.js';

describe('ManifestTurns', () => {
  it('has one manifest made for a caller at a time, and those of others meanwhile', async () => {
    const turns = new ManifestTurns();
    let finish: (made: string) => void = () => undefined;
    const first = turns.run('a', () => new Promise<string>((resolve) => (finish = resolve)));

    await expect(turns.run('a', () => Promise.resolve('too early'))).rejects.toMatchObject({
      status: 429,
      headers: { 'retry-after': '2' },
    });
    await expect(turns.run('b', () => Promise.resolve('of another'))).resolves.toBe('of another');
    finish('first');
    await expect(first).resolves.toBe('first');
    await expect(turns.run('a', () => Promise.resolve('next'))).resolves.toBe('next');
  });

  it('goes on after one that failed', async () => {
    const turns = new ManifestTurns();

    await expect(turns.run('a', () => Promise.reject(new Error('none')))).rejects.toThrow('none');
    await expect(turns.run('a', () => Promise.resolve('next'))).resolves.toBe('next');
  });
});
