/** What names a caller. */
export interface NamedCaller {
  readonly user?: { readonly id: string } | undefined;
  readonly client?: { readonly id: string } | undefined;
  readonly introspectorId?: string | undefined;
}

/**
 * The caller in a word, for logs: `User/{id}`, `Client/{id}`, who vouched for a token that names no
 * User, or `anonymous`.
 */
export function callerName({ user, client, introspectorId }: NamedCaller): string {
  if (user) return `User/${user.id}`;
  if (client) return `Client/${client.id}`;
  return introspectorId === undefined
    ? 'anonymous'
    : `a token of TokenIntrospector/${introspectorId}`;
}
