import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockFolder } from './folder-lock.js';
import { currentHolder, parseHolder, stateOf } from './lock-holder.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wardgate-lock-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function leaveLock(number: number, change: object = {}): Promise<string> {
  const path = join(folder, `wardgate.lock.${number}`);
  await writeFile(path, JSON.stringify({ ...(await currentHolder()), ...change }));
  return path;
}

describe('lockFolder', () => {
  it('refuses while the lock is held and gives it once it is released', async () => {
    const lock = await lockFolder(folder);
    await expect(lockFolder(folder)).rejects.toThrow(`Another Wardgate (process ${process.pid})`);

    await lock.release();

    const next = await lockFolder(folder);
    await next.release();
    await expect(readdir(folder)).resolves.toEqual(['wardgate.lock.2']);
  });

  it.each([
    ['whose process id is used by another process now', { startedAt: '1' }],
    ['from before the machine started', { boot: 'earlier', pid: process.pid }],
  ])('replaces a lock %s', async (_, change) => {
    await leaveLock(7, change);

    const lock = await lockFolder(folder);

    await expect(readdir(folder)).resolves.toEqual(['wardgate.lock.8']);
    await lock.release();
  });

  it('is given to exactly one of many that find the same dead holder', async () => {
    await leaveLock(3, { startedAt: '1' });

    const attempts = await Promise.allSettled(Array.from({ length: 20 }, () => lockFolder(folder)));

    const given = attempts.filter((attempt) => attempt.status === 'fulfilled');
    expect(given).toHaveLength(1);
    await given[0]?.value.release();
  });

  it('refuses a holder in another container for as long as it shows that it lives', async () => {
    const path = await leaveLock(1, { namespace: 'pid:[1]' });
    const beat = setInterval(() => void utimes(path, new Date(), new Date()), 200);

    await expect(lockFolder(folder)).rejects.toThrow('Another Wardgate');

    clearInterval(beat);
  });
});

describe('a lock from another container', () => {
  it('is replaced when its holder is silent', async () => {
    await leaveLock(1, { namespace: 'pid:[1]' });

    const lock = await lockFolder(folder, 1);

    await expect(readdir(folder)).resolves.toEqual(['wardgate.lock.2']);
    await lock.release();
  });
});

describe('a lock holder', () => {
  it('is alive when it is this process', async () => {
    await expect(stateOf(await currentHolder())).resolves.toBe('alive');
  });

  it('is foreign on another machine, whatever its process id', async () => {
    const holder = { ...(await currentHolder()), host: 'another', boot: 'another' };

    await expect(stateOf(holder)).resolves.toBe('foreign');
  });

  it.each(['', '{', 'null', '{"pid":"1"}'])('is none in %j', (text) => {
    expect(parseHolder(text)).toBeUndefined();
  });
});
