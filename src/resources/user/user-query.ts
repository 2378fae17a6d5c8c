import type { DataSource } from 'typeorm';
import { directoryUser, type DirectoryRow, type DirectoryUser } from './directory-user.js';
import { isStorableIdentifier, type UserIdentifier } from './user-identifier.js';

/** By what a User is looked up. */
export type UserKey =
  | { readonly by: 'id'; readonly id: string }
  | { readonly by: 'email'; readonly email: string }
  | ({ readonly by: 'identifier' } & UserIdentifier);

/** Loads a User and all its Roles in one statement, so that both are of one moment. */
export async function loadUser(
  dataSource: DataSource,
  key: UserKey,
): Promise<DirectoryUser | undefined> {
  const rows: DirectoryRow[] = await dataSource.query(
    `SELECT u.resource,
            EXISTS (SELECT 1 FROM first_start f
                     WHERE f.resource_type = 'User' AND f.id = u.id) AS is_first_start,
            coalesce((SELECT jsonb_agg(r.resource ORDER BY r.id)
                        FROM role r WHERE r.user_id = u.id), '[]') AS roles
       FROM "user" u WHERE u.id = ${SELECTED[key.by]}`,
    [...valuesOf(key)],
  );
  return rows[0] && directoryUser(rows[0]);
}

/** Whether a key can name anything at all. */
export function isStorable(key: UserKey): boolean {
  switch (key.by) {
    case 'id':
      return /^[A-Za-z0-9\-.]{1,64}$/.test(key.id);
    case 'email':
      // Case folding beyond ASCII differs between locales, and could make two mailboxes one.
      return /^[\x21-\x7e]{1,320}$/.test(key.email);
    case 'identifier':
      return isStorableIdentifier(key);
  }
}

/** The Users that Roles refer to. */
export async function usersOfRoles(
  dataSource: DataSource,
  roleIds: readonly string[],
): Promise<readonly string[]> {
  const rows: { user_id: string }[] = await dataSource.query(
    'SELECT DISTINCT user_id FROM role WHERE id = ANY($1)',
    [roleIds],
  );
  return rows.map(({ user_id }) => user_id);
}

const SELECTED = {
  id: '$1',
  email: '(SELECT e.id FROM "user" e WHERE lower(e.email) = lower($1))',
  identifier: '(SELECT i.user_id FROM user_identifier i WHERE i.system = $1 AND i.value = $2)',
} as const;

function valuesOf(key: UserKey): readonly string[] {
  switch (key.by) {
    case 'id':
      return [key.id];
    case 'email':
      return [key.email];
    case 'identifier':
      return [key.system, key.value];
  }
}
