import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseProcStat, processInfo } from './process-info.js';

const REST = '1 1 1 0 -1 4194560 1 0 0 0 1 2 0 0 20 0 1 0 98765 1 1';

describe('parseProcStat', () => {
  it('tells when the process started', () => {
    expect(parseProcStat(`42 (postgres) S ${REST}`)).toEqual({ startedAt: '98765' });
  });

  it('is not misled by a program whose name looks like the fields that follow', () => {
    expect(parseProcStat(`42 (a) Z 1 (b) S ${REST}`)).toEqual({ startedAt: '98765' });
  });

  it.each(['Z', 'X', 'x'])('takes a process in state %s for ended', (state) => {
    expect(parseProcStat(`42 (postgres) ${state} ${REST}`)).toBeUndefined();
  });

  it('takes a line that breaks off for no process', () => {
    expect(parseProcStat('42 (postgres) S 1 2')).toBeUndefined();
  });
});

describe('processInfo', () => {
  it('knows this process, the same at every call', async () => {
    const info = await processInfo(process.pid);

    expect(info?.command).toContain('node');
    await expect(processInfo(process.pid)).resolves.toEqual(info);
  });

  it('knows no process that has ended', async () => {
    const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
    await once(child, 'exit');

    await expect(processInfo(child.pid ?? NaN)).resolves.toBeUndefined();
  });

  it.each([0, -1, 1.5, NaN])('takes %p for no process', async (pid) => {
    await expect(processInfo(pid)).resolves.toBeUndefined();
  });
});
