import type { Caller } from '../identity/caller.js';

/**
 * The caller in a word, for logs: `User/{id}`, `Client/{id}`, who vouched for a token that names no
 * User, or `anonymous`.
 */
export function callerName({ user, client, introspectorId }: Caller): string {
  if (user) return `User/${user.id}`;
  if (client) return `Client/${client.id}`;
  return introspectorId === undefined
    ? 'anonymous'
    : `a token of TokenIntrospector/${introspectorId}`;
}
