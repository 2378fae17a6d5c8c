import type { AccessRequest } from './access-request.js';
import { isLinkedToCaller } from './applies.js';
import { asksAny, type Question } from './constraints.js';
import { isSpelledOut, SpellingWork, type Spelling } from './matcho/regex-spelling.js';
import { OPERATION_SPELLING, PATH_SPELLING, TYPE_SPELLING } from './naming.js';
import type { Policy } from './policy.js';

/** Who asks and what is asked for (spec §7); a new list for each policy, whose expressions share the work. */
function administration(): readonly Question[] {
  const work = new SpellingWork();
  const names = (spelling: Spelling) => (expression: string) =>
    isSpelledOut(expression, spelling, work);
  const operations = names(OPERATION_SPELLING);
  return [
    // Absent unless the caller is one of them: asking for them is a restriction already.
    { keys: ['user'], asks: 'presence' },
    { keys: ['role'], asks: 'presence' },
    { keys: ['session'], asks: 'presence' },
    { keys: ['client'], asks: 'presence' },
    // There on every request: only a restriction of their value is one.
    { keys: ['operation'], asks: 'value', names: operations },
    { keys: ['operation', 'id'], asks: 'value', names: operations },
    { keys: ['uri'], asks: 'value', names: names(PATH_SPELLING) },
    { keys: ['params', 'resource/type'], asks: 'value', names: names(TYPE_SPELLING) },
  ];
}

/**
 * Whether the policy may decide about administration: it is linked to a User or Client, has a
 * `roleName`, or its pattern constrains who asks or what is asked for (spec §7).
 *
 * In doubt the answer is no: negations and `nil?` count for nothing, of alternatives each must.
 * @param request when given, a link counts only if it is to the request's own User or Client, since
 * a policy that is also linked to an Operation applies to others too.
 */
export function speaksOfAdministration(policy: Policy, request?: AccessRequest): boolean {
  if (policy.roleName !== undefined || constrainsAdministration(policy)) return true;
  if (request) return isLinkedToCaller(policy, request);
  return policy.links !== undefined && policy.links.users.size + policy.links.clients.size > 0;
}

/** Policies do not change, so each is looked at once; looking follows its expressions. */
const CONSTRAINING = new WeakMap<Policy, boolean>();

function constrainsAdministration(policy: Policy): boolean {
  let constrains = CONSTRAINING.get(policy);
  if (constrains === undefined) {
    constrains = asksAny(policy, administration());
    CONSTRAINING.set(policy, constrains);
  }
  return constrains;
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
