import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  disownPostmasterPid,
  parsePostmasterPid,
  readPostmasterPid,
  runningPostmaster,
  servesFolder,
} from './postmaster-pid.js';

const FILE = '4711\n/srv/postgres\n1795300000\n5432\n/srv/run\n\n  5432001  65536\nready   \n';

describe('parsePostmasterPid', () => {
  it('reads the process and how far it is', () => {
    expect(parsePostmasterPid(FILE)).toEqual({ pid: 4711, status: 'ready' });
  });

  it('reads a file that the server has only begun', () => {
    expect(parsePostmasterPid('4711\n/srv/postgres\n')).toEqual({ pid: 4711 });
  });

  it.each(['', 'x\n', '0\n', '-5\n', '1.5\n'])('finds no process in %j', (text) => {
    expect(parsePostmasterPid(text)).toBeUndefined();
  });
});

describe('servesFolder', () => {
  it.each([
    ['/opt/bin/postgres\0-D\0/srv/postgres\0-c\0port=5432\0', true],
    ['/opt/my programs/postgres\0-D\0/srv/postgres\0', true],
    ['/opt/bin/postgres -D /srv/postgres -c port=5432', true],
    ['/opt/bin/postgres\0-D\0/srv/postgres2\0', false],
    ['/opt/bin/postgres\0-D\0/other/srv/postgres\0', false],
    ['vim\0-D\0/srv/postgres\0', false],
    ['', false],
  ])('of %j is %p', (command, expected) => {
    expect(servesFolder(command, '/srv/postgres')).toBe(expected);
  });
});

describe('a lock file that was left behind', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wardgate-pid-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it('names no running server when its process is something else', async () => {
    await writeFile(join(folder, 'postmaster.pid'), FILE.replace('4711', String(process.pid)));

    await expect(readPostmasterPid(folder)).resolves.toMatchObject({ pid: process.pid });
    await expect(runningPostmaster(folder)).resolves.toBeUndefined();
  });

  it('keeps all but its process when it is disowned', async () => {
    await writeFile(join(folder, 'postmaster.pid'), FILE);

    await disownPostmasterPid(folder);

    const disowned = FILE.replace('4711', String(process.pid));
    await expect(readFile(join(folder, 'postmaster.pid'), 'utf8')).resolves.toBe(disowned);
  });

  it('is not written through a link', async () => {
    await writeFile(join(folder, 'elsewhere'), FILE);
    await symlink(join(folder, 'elsewhere'), join(folder, 'postmaster.pid'));

    await expect(disownPostmasterPid(folder)).rejects.toThrow('ELOOP');
    await expect(readFile(join(folder, 'elsewhere'), 'utf8')).resolves.toBe(FILE);
  });
});
