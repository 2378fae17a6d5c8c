import * as cedar from '@cedar-policy/cedar-wasm/nodejs';
import type { Asking } from './engine.js';
import type { Grant } from './grants.js';

const POLICIES = 'policies';

/** Cedar with policies parsed before, all but the role in their scope, and no entities to be read. */
export function loadCedar(granted: readonly Grant[]): Asking {
  const parsed = cedar.preparsePolicySet(POLICIES, {
    staticPolicies: granted.map(textOf).join('\n'),
  });
  if (parsed.type === 'failure') throw new Error(JSON.stringify(parsed.errors));
  return ({ user, role, type, method }) => {
    const call: cedar.StatefulAuthorizationCall = {
      principal: { type: 'User', id: user },
      action: { type: 'Action', id: method },
      resource: { type: 'Type', id: type },
      context: { role },
      preparsedPolicySetId: POLICIES,
      validateRequest: false,
      entities: [],
    };
    return () => {
      const answer = cedar.statefulIsAuthorized(call);
      if (answer.type === 'failure') throw new Error(JSON.stringify(answer.errors));
      return answer.response.decision === 'allow';
    };
  };
}

function textOf({ user, role, type, method }: Grant): string {
  return (
    `permit(principal == User::"${user}", action == Action::"${method}", ` +
    `resource == Type::"${type}") when { context.role == "${role}" };`
  );
}
