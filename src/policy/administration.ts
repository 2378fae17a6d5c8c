import type { AccessRequest } from './access-request.js';
import { isLinkedToCaller } from './applies.js';
import { asksAny, type Question } from './constraints.js';
import type { Policy } from './policy.js';

const OPERATIONS = ['Read', 'Search', 'Create', 'Update', 'Patch', 'Delete'].map(
  (interaction) => `Fhir${interaction}`,
);
const TYPES = ['Patient', 'Observation', 'Practitioner', 'User', 'AccessPolicy'];
// Below /fhir only: who may ask for all of it may ask for everything, the other spelling aside.
const PATHS = TYPES.flatMap((type) => [`/fhir/${type}`, `/fhir/${type}/some-id`]);

/** Who asks and what is asked for (spec §7). */
const ADMINISTRATION: readonly Question[] = [
  // Absent unless the caller is one of them: asking for them is a restriction already.
  { keys: ['user'], asks: 'presence' },
  { keys: ['role'], asks: 'presence' },
  { keys: ['session'], asks: 'presence' },
  { keys: ['client'], asks: 'presence' },
  // There on every request: only a restriction of their value is one.
  { keys: ['operation'], asks: 'value', ordinary: OPERATIONS },
  { keys: ['operation', 'id'], asks: 'value', ordinary: OPERATIONS },
  { keys: ['uri'], asks: 'value', ordinary: PATHS },
  { keys: ['params', 'resource/type'], asks: 'value', ordinary: TYPES },
];

/**
 * Whether the policy may decide about administration: it is linked to a User or Client, has a
 * `roleName`, or its pattern constrains who asks or what is asked for (spec §7).
 *
 * In doubt the answer is no: negations and `nil?` count for nothing, of alternatives each must.
 * @param request when given, a link counts only if it is to the request's own User or Client, since
 * a policy that is also linked to an Operation applies to others too.
 */
export function speaksOfAdministration(policy: Policy, request?: AccessRequest): boolean {
  if (policy.roleName !== undefined || asksAny(policy, ADMINISTRATION)) return true;
  if (request) return isLinkedToCaller(policy, request);
  return policy.links !== undefined && policy.links.users.size + policy.links.clients.size > 0;
}

/** Whether the Users and Clients that the policy is linked to are administrators (spec §7). */
export function isAdministratorGrant(policy: Policy): boolean {
  return (
    policy.engine === 'allow' &&
    policy.status === 'active' &&
    policy.roleName === undefined &&
    (policy.type === undefined || policy.type === 'rest') &&
    policy.links !== undefined &&
    policy.links.users.size + policy.links.clients.size > 0
  );
}
