import { createHash } from 'node:crypto';
import { open, readFile, realpath, stat, type FileHandle } from 'node:fs/promises';
import { errorCode } from '../command-line/error-code.js';
import type { Portion } from './portion.js';

/** How far a portion came in an earlier run; `undone` where the server said that it did nothing. */
export type Progress = 'begun' | 'done' | 'undone';

const PROGRESS: ReadonlySet<string | undefined> = new Set<Progress>(['begun', 'done', 'undone']);

/**
 * Which portions were sent, on disk: an interrupted load goes on where it was. A portion that must not
 * be repeated is noted before it is sent, so that one whose answer never came is known.
 */
export class Journal {
  private constructor(
    private readonly handle: FileHandle,
    private readonly known: Map<string, Progress>,
    private readonly server: string,
  ) {}

  /**
   * @param server base URL; what was sent to one server says nothing about another
   * @throws Error of the file system when the file cannot be used.
   */
  static async open(path: string, server: string): Promise<Journal> {
    const known = new Map<string, Progress>();
    const before = await contents(path);
    for (const line of before.split('\n')) {
      const [progress, key] = line.split(' ');
      // The last line of a run that was killed may be cut off.
      if (key?.length !== KEY_LENGTH) continue;
      if (PROGRESS.has(progress)) known.set(key, progress as Progress);
    }
    const handle = await open(path, 'a', 0o600);
    // Behind a line that was cut off.
    if (before !== '') await handle.write('\n');
    return new Journal(handle, known, server);
  }

  /** Names a portion by its file as it is now: a file that was changed since is another one. */
  async keyOf({ file, part }: Portion): Promise<string> {
    const { size, mtimeMs } = await stat(file);
    const identity = JSON.stringify([this.server, await realpath(file), size, mtimeMs, part]);
    return createHash('sha256').update(identity).digest('hex');
  }

  progressOf(key: string): Progress | undefined {
    return this.known.get(key);
  }

  /** Resolves when it is on disk. */
  async note(key: string, progress: Progress): Promise<void> {
    this.known.set(key, progress);
    await this.handle.write(`${progress} ${key}\n`);
    await this.handle.datasync();
  }

  close(): Promise<void> {
    return this.handle.close();
  }
}

const KEY_LENGTH = 64;

async function contents(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return '';
    throw error;
  }
}
