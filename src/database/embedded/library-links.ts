import { readFile, symlink } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';

/** One link that the package cannot carry, as listed in its `pg-symlinks.json`: relative to the package. */
interface LibraryLink {
  readonly source: string;
  readonly target: string;
}

/**
 * Makes the links between library versions that PostgreSQL needs and that an installation without
 * install scripts lacks. Links that exist are left alone.
 *
 * @param packageFolder folder that holds `native/`
 */
export async function repairLibraryLinks(packageFolder: string): Promise<void> {
  const list = await readFile(join(packageFolder, 'native', 'pg-symlinks.json'), 'utf8').catch(
    () => '[]',
  );
  const links = (JSON.parse(list) as readonly LibraryLink[]).filter(
    ({ source, target }) => isInside(packageFolder, target) && dirname(source) === dirname(target),
  );
  await Promise.all(
    links.map(({ source, target }) =>
      symlink(basename(source), join(packageFolder, target)).catch(ignoreExisting),
    ),
  );
}

function isInside(folder: string, path: string): boolean {
  return resolve(folder, path).startsWith(resolve(folder) + sep);
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
