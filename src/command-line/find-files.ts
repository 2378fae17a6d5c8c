import type { Dirent, Stats } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { CommandError } from './command-error.js';
import { errorCode } from './error-code.js';

/** A file that is to be read, or why something that might have been one of those is not. */
export interface FoundFile {
  /** As it is called in the report: below the folder that was named. */
  readonly path: string;
  readonly problem?: string;
}

const MAX_DEPTH = 32;
const MAX_ENTRIES = 100_000;
const MAX_FILES = 10_000;

/**
 * The files that are named, and those with one of the extensions below the folders that are named, each
 * once, by name. Hidden ones and `node_modules` are passed over. Symbolic links are followed as far as
 * they stay in the folders that were named.
 *
 * @throws CommandError for a name that leads nowhere, and when there are too many.
 */
export async function findFiles(
  names: readonly string[],
  extensions: ReadonlySet<string>,
): Promise<readonly FoundFile[]> {
  const roots: string[] = [];
  for (const name of names) roots.push(await existing(name));
  const search = new FileSearch(roots, extensions);
  for (const name of names) await search.named(name);
  return search.found;
}

class FileSearch {
  readonly found: FoundFile[] = [];
  private readonly seen = new Set<string>();
  private entries = 0;

  constructor(
    private readonly roots: readonly string[],
    private readonly extensions: ReadonlySet<string>,
  ) {}

  /** Whatever is named is read, also with another extension. */
  async named(path: string): Promise<void> {
    const real = await realpath(path);
    await this.reach(path, { real, stats: await stat(real), depth: 0, isNamed: true });
  }

  private async reach(path: string, { real, stats, depth, isNamed }: Reached): Promise<void> {
    if (!stats.isDirectory() && !isNamed && !this.extensions.has(extname(path))) return;
    // Of a file that several names lead to, the first counts; a folder within itself ends here.
    if (this.seen.has(real)) return;
    this.seen.add(real);
    if (stats.isDirectory()) await this.walk(path, depth);
    else if (stats.isFile()) this.add({ path });
    else this.add({ path, problem: 'is neither a file nor a folder' });
  }

  private async walk(folder: string, depth: number): Promise<void> {
    if (depth > MAX_DEPTH) {
      this.add({ path: folder, problem: `is more than ${MAX_DEPTH} folders deep` });
      return;
    }
    for (const entry of await this.entriesOf(folder)) {
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
      await this.look(join(folder, entry.name), entry, depth + 1);
    }
  }

  private async look(path: string, entry: Dirent, depth: number): Promise<void> {
    try {
      const real = await realpath(path);
      const stats = await stat(real);
      if (entry.isSymbolicLink() && !this.isWithin(real)) {
        if (stats.isDirectory() || this.extensions.has(extname(path))) {
          this.add({ path, problem: 'is a link that leads out of the folder; name its target' });
        }
        return;
      }
      await this.reach(path, { real, stats, depth, isNamed: false });
    } catch (error) {
      const code = errorCode(error);
      if (code === undefined) throw error;
      const problem = entry.isSymbolicLink() ? 'is a link that leads nowhere' : 'cannot be read';
      this.add({ path, problem: `${problem} (${code})` });
    }
  }

  private async entriesOf(folder: string): Promise<readonly Dirent[]> {
    try {
      const entries = await readdir(folder, { withFileTypes: true });
      this.entries += entries.length;
      if (this.entries > MAX_ENTRIES) {
        throw new CommandError(`There are more than ${MAX_ENTRIES} files and folders; name fewer`);
      }
      return entries.toSorted((one, other) => (one.name < other.name ? -1 : 1));
    } catch (error) {
      const code = errorCode(error);
      if (code === undefined) throw error;
      this.add({ path: folder, problem: `cannot be read (${code})` });
      return [];
    }
  }

  private isWithin(real: string): boolean {
    return this.roots.some((root) => real === root || real.startsWith(root + sep));
  }

  private add(file: FoundFile): void {
    if (this.found.length === MAX_FILES) {
      throw new CommandError(`There are more than ${MAX_FILES} files; name fewer`);
    }
    this.found.push(file);
  }
}

interface Reached {
  readonly real: string;
  readonly stats: Stats;
  readonly depth: number;
  /** On the command line, and not by the folder it is in. */
  readonly isNamed: boolean;
}

async function existing(name: string): Promise<string> {
  try {
    return await realpath(name);
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    throw new CommandError(`${name} cannot be found (${code})`);
  }
}
