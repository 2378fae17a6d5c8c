import type { AccessRequest } from '../../../src/policy/access-request.js';
import type { JsonObject } from '../../../src/policy/json.js';
import type { Grant } from './grants.js';

/** The grant as an AccessPolicy. */
export function policyOf({ user, role, type, method }: Grant, at: number): JsonObject {
  return {
    id: policyId(at),
    engine: 'matcho',
    roleName: role,
    matcho: {
      'request-method': method,
      params: { 'resource/type': type },
      user: { id: user },
    },
  };
}

/** Ids in the order of their numbers. */
export function policyId(at: number): string {
  return `p${String(at).padStart(6, '0')}`;
}

/** The question as the request object that the guard would make of it. */
export function requestOf({ user, role, type, method }: Grant): AccessRequest {
  return {
    'request-method': method,
    scheme: 'https',
    uri: `/fhir/${type}/r1`,
    params: { 'resource/type': type, 'resource/id': 'r1' },
    headers: { accept: 'application/fhir+json', host: 'gate.example', 'user-agent': 'bench' },
    'remote-addr': '192.0.2.7',
    operation: { id: 'FhirRead' },
    jwt: { iss: 'https://idp.example', sub: user, aud: 'wardgate', scope: 'openid' },
    user: { id: user, userName: user, data: { patient: 'p1' } },
    role: [{ id: `${user}-${role}`, name: role, user: { resourceType: 'User', id: user } }],
    session: { role: [{ name: role }] },
  };
}
