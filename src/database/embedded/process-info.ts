import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** What tells one run of a process id from a later, unrelated one with the same id. */
export interface ProcessInfo {
  /** Opaque; equal for the same process for as long as the machine is up. */
  readonly startedAt: string;
  /** The arguments the process was started with, NUL or space separated. */
  readonly command: string;
}

/** @returns undefined when no such process runs; a zombie does not run any more. */
export async function processInfo(pid: number): Promise<ProcessInfo | undefined> {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  return process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
}

/**
 * Reads one line of `/proc/<pid>/stat` (proc(5)).
 *
 * @returns undefined for a process that has ended: states Z, X and x.
 */
export function parseProcStat(stat: string): { startedAt: string } | undefined {
  // The second field is the program's name in parentheses and may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state] = fields;
  const startedAt = fields[19];
  if (state === undefined || startedAt === undefined || 'ZXx'.includes(state)) return undefined;
  return { startedAt };
}

async function fromProc(pid: number): Promise<ProcessInfo | undefined> {
  try {
    const stat = parseProcStat(await readFile(`/proc/${pid}/stat`, 'utf8'));
    return stat && { ...stat, command: await readFile(`/proc/${pid}/cmdline`, 'utf8') };
  } catch {
    return undefined;
  }
}

async function fromPs(pid: number): Promise<ProcessInfo | undefined> {
  try {
    const format = ['-o', 'stat=', '-o', 'lstart=', '-o', 'command='];
    const { stdout } = await promisify(execFile)('ps', ['-ww', '-p', String(pid), ...format], {
      env: { LC_ALL: 'C', PATH: '/bin:/usr/bin' },
    });
    const [, state, startedAt, command] = /^\s*(\S+)\s+(.{24})\s+(.*)$/s.exec(stdout) ?? [];
    if (!state || !startedAt || state.startsWith('Z')) return undefined;
    return { startedAt, command: command ?? '' };
  } catch {
    return undefined;
  }
}
