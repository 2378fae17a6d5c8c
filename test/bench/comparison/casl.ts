import { createMongoAbility } from '@casl/ability';
import type { Asking } from './engine.js';
import type { Grant } from './grants.js';

/** CASL as it is meant to be used: found by type and method, then asked for user and role. */
export function loadBySubject(granted: readonly Grant[]): Asking {
  const ability = createMongoAbility(
    granted.map(({ user, role, type, method }) => ({
      action: method,
      subject: type,
      conditions: { user, role },
    })),
    { detectSubjectType: ({ type }) => String(type) },
  );
  return (asked) => () => ability.can(asked.method, asked);
}

/**
 * CASL as a hash table: whoever asks has put all that is compared into one text. It can tell nothing but
 * whether exactly this was granted.
 */
export function loadComposed(granted: readonly Grant[]): Asking {
  const ability = createMongoAbility(
    granted.map((grant) => ({ action: grant.method, subject: composed(grant) })),
  );
  return (asked) => () => ability.can(asked.method, composed(asked));
}

function composed({ user, role, type }: Grant): string {
  return `${user}|${role}|${type}`;
}
