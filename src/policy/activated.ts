import type { Policy } from './policy.js';

/** What the policy would be if it took part in decisions; an active policy itself. */
export function activated(policy: Policy): Policy {
  return policy.status === 'active' ? policy : { ...policy, status: 'active' };
}
