import { newEnforcer, newModelFromString } from 'casbin';
import type { Asking } from './engine.js';
import type { Grant } from './grants.js';

/** Plain equalities, the one that most policies fail first; no role manager, no wildcards. */
const MODEL = `
[request_definition]
r = user, role, type, method
[policy_definition]
p = user, role, type, method
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.user == p.user && r.role == p.role && r.type == p.type && r.method == p.method
`;

/** Casbin with the policies in its model, asked synchronously. */
export async function loadCasbin(granted: readonly Grant[]): Promise<Asking> {
  const model = newModelFromString(MODEL);
  model.addPolicies(
    'p',
    'p',
    granted.map(({ user, role, type, method }) => [user, role, type, method]),
  );
  const enforcer = await newEnforcer(model);
  return ({ user, role, type, method }) =>
    () =>
      enforcer.enforceSync(user, role, type, method);
}
