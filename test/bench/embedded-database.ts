import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '../../src/database/migrate.js';
import { openDatabase } from '../../src/database/open-database.js';

/**
 * Runs a benchmark on an embedded PostgreSQL of its own, which is gone afterwards.
 *
 * @param kept folder of one that stays for the next run instead
 */
export async function onEmbeddedDatabase(
  work: (url: string) => Promise<void>,
  kept?: string,
): Promise<void> {
  const folder = kept ?? (await mkdtemp(join(tmpdir(), 'wardgate-bench-')));
  await mkdir(folder, { recursive: true });
  // Run by root, the database has an account of its own, which must be able to pass.
  await chmod(folder, 0o711);
  const print = (text: unknown): void => void process.stderr.write(`${String(text)}\n`);
  const log = { info: () => undefined, warn: print, error: print };
  const database = await openDatabase({ kind: 'embedded', dataDir: folder }, log);
  try {
    await migrate(database.connection);
    const { host, port, user, database: name } = database.connection as Record<string, string>;
    await work(`postgres://${user}@/${name}?host=${encodeURIComponent(host ?? '')}&port=${port}`);
  } finally {
    await database.stop();
    if (kept === undefined) await rm(folder, { recursive: true, force: true });
  }
}
