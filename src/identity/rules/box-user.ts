import { at, has } from '../../resources/token-introspector/json-members.js';
import type { Lookup, Subject, Users } from './lookup.js';

/**
 * `box_user` is the id of the User. One that names nobody resolves to nobody: falling back to `sub`
 * would make somebody else of the caller (spec §3.1).
 */
export async function byBoxUser({ claims }: Subject, users: Users): Promise<Lookup> {
  if (!has(claims, 'box_user')) return { outcome: 'pass' };
  const id = at(claims, 'box_user');
  const user = typeof id === 'string' ? await users.byId(id) : undefined;
  return user ? { outcome: 'found', user } : { outcome: 'nobody' };
}
