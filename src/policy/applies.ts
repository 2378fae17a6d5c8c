import type { AccessRequest } from './access-request.js';
import { isArray, own, ownString } from './json.js';
import type { Policy } from './policy.js';

/** Why a policy has no say about a request; `undefined` when it has (spec §7). */
export type Inapplicable = 'status' | 'link' | 'roleName' | 'type';

/** The first reason why the policy does not apply to the request; `undefined` when it applies. */
export function inapplicability(policy: Policy, request: AccessRequest): Inapplicable | undefined {
  if (policy.status !== 'active') return 'status';
  if (!isLinked(policy, request)) return 'link';
  if (!hasRole(policy, request)) return 'roleName';
  return fitsType(policy, request) ? undefined : 'type';
}

/** Whether one of the policy's links is the request's own User or Client. */
export function isLinkedToCaller(policy: Policy, request: AccessRequest): boolean {
  const { links } = policy;
  return (
    links !== undefined &&
    (names(links.users, request, 'user') || names(links.clients, request, 'client'))
  );
}

/** Whether the request is an RPC, the only kind that rpc engines and types speak of. */
export function isRpc(request: AccessRequest): boolean {
  return ownString(request, 'uri') === '/rpc';
}

function isLinked(policy: Policy, request: AccessRequest): boolean {
  if (policy.links === undefined || isLinkedToCaller(policy, request)) return true;
  return names(policy.links.operations, request, 'operation');
}

function names(ids: ReadonlySet<string>, request: AccessRequest, key: string): boolean {
  const id = ownString(own(request, key), 'id');
  return id !== undefined && ids.has(id);
}

function hasRole(policy: Policy, request: AccessRequest): boolean {
  if (policy.roleName === undefined) return true;
  const roles = own(request, 'role');
  return isArray(roles) && roles.some((role) => ownString(role, 'name') === policy.roleName);
}

function fitsType(policy: Policy, request: AccessRequest): boolean {
  switch (policy.type) {
    case undefined:
      return true;
    case 'rest':
      return !isRpc(request);
    case 'rpc':
      return isRpc(request);
    case 'scope':
      return false;
  }
}
