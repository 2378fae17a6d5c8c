import type { Caller } from '../identity/caller.js';

/** The caller in a word, for logs: `User/{id}`, `Client/{id}` or `anonymous`. */
export function callerName({ user, client }: Caller): string {
  if (user) return `User/${user.id}`;
  return client ? `Client/${client.id}` : 'anonymous';
}
