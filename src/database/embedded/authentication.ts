import { chmod, rm, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { EmbeddedDatabaseError } from './embedded-database-error.js';

/** Owns the cluster; used to set it up and by administrators, never by Wardgate's requests. */
export const SUPERUSER = 'postgres';

/** Login and database of Wardgate itself; may make roles, is no superuser. */
export const APPLICATION = 'wardgate';

/** The files that tell PostgreSQL who may log in. */
export interface AuthenticationFiles {
  readonly hba: string;
  readonly ident: string;
}

/**
 * Writes who may log in: Wardgate's own system account by peer credentials, which needs no password
 * that could leak; every other role by SCRAM. They lie outside the database's own folder, so that the
 * database account cannot change them while Wardgate is root.
 */
export async function writeAuthentication(parent: string): Promise<AuthenticationFiles> {
  const files = { hba: join(parent, 'pg_hba.conf'), ident: join(parent, 'pg_ident.conf') };
  await writeReadable(files.hba, hostBasedAuthentication());
  await writeReadable(files.ident, identMap(userInfo().username));
  return files;
}

/** The content of pg_hba.conf. */
export function hostBasedAuthentication(): string {
  return [
    `local all ${SUPERUSER},${APPLICATION} peer map=wardgate`,
    'local all all scram-sha-256',
    '',
  ].join('\n');
}

/**
 * The content of pg_ident.conf for one system account.
 *
 * @throws EmbeddedDatabaseError when the name cannot be written there unambiguously
 */
export function identMap(username: string): string {
  // A leading slash would make it a regular expression; quotes and line ends would end the field.
  if (!/^[^/"\s][^"\r\n]*$/.test(username)) {
    throw new EmbeddedDatabaseError(
      'The name of the account that runs Wardgate cannot be used for the embedded database. Use ' +
        'another account, or set DATABASE_URL.',
    );
  }
  return [SUPERUSER, APPLICATION].map((role) => `wardgate "${username}" ${role}\n`).join('');
}

async function writeReadable(path: string, content: string): Promise<void> {
  await rm(path, { force: true });
  await writeFile(path, content, { flag: 'wx' });
  await chmod(path, 0o644);
}
