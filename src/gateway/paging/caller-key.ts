import type { GuardedRequest } from '../../access/guarded-request.js';

/** Claims that tell one caller from another where no User or Client is known. */
const NAMING_CLAIMS = ['iss', 'sub', 'client_id', 'azp'] as const;

/**
 * Whoever asks, as one text: the same for each of their tokens, and never that of anybody else whom
 * policies could treat otherwise.
 */
export function callerKey({
  kind,
  user,
  client,
  introspectorId,
  jwt,
  token,
}: GuardedRequest['caller']): string {
  const claims = jwt ?? token ?? {};
  const named = NAMING_CLAIMS.map((name) =>
    Object.hasOwn(claims, name) ? (claims[name] ?? null) : null,
  );
  return JSON.stringify([kind, user?.id, client?.id, introspectorId, ...named]);
}
