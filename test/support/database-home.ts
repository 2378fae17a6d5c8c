import { chmod, mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Root's embedded database runs under another account. */
export const isRoot = process.getuid?.() === 0;

/** Makes a temporary folder that the account of an embedded database can pass through. */
export async function makeHome(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'wardgate-e2e-')));
  if (isRoot) await chmod(folder, 0o711);
  return folder;
}
