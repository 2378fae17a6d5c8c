import { randomBytes } from 'node:crypto';
import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';

const OWNER_ONLY = 0o600;
const OWNER_ONLY_FOLDER = 0o700;

/**
 * Writes a secret to `<folder>/<name>`, readable by its owner only. Afterwards the file holds all of
 * it, even if the machine stops; before, what it held.
 *
 * @returns the path of the file.
 */
export async function writeSecretFile(
  folder: string,
  name: string,
  secret: string,
): Promise<string> {
  await mkdir(folder, { recursive: true, mode: OWNER_ONLY_FOLDER });
  const path = join(folder, name);
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  const file = await open(draft, 'wx', OWNER_ONLY);
  try {
    await file.writeFile(`${secret}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
  return path;
}
