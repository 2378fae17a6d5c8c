import type { WriteContext } from '../../interactions/resource-rules.js';
import type { JsonObject } from '../../policy/json.js';
import type {
  Findings,
  SystemResourceDefinition,
} from '../definition/system-resource-definition.js';
import type { EndpointRules } from '../endpoint-rules.js';
import { referenceIssues } from '../reference-rules.js';
import type { SecretField } from '../secrets/secret-field.js';
import { TokenIntrospectorDto } from './token-introspector.dto.js';
import { checkTokenIntrospector } from './token-introspector.rules.js';

/** The write-only elements of a TokenIntrospector, and what they are bound to (spec §1, secrets). */
export const INTROSPECTOR_SECRETS: readonly SecretField[] = [
  { path: 'jwt.secret', boundTo: ['type'], external: { sentTo: [] } },
  {
    path: 'jwt.keys[].k',
    boundTo: ['jwt.keys[].kty', 'jwt.keys[].alg'],
    external: { sentTo: [] },
  },
  {
    path: 'introspection_endpoint.authorization',
    boundTo: ['introspection_endpoint.url'],
    external: { sentTo: ['introspection_endpoint.url'] },
  },
];

/** Element paths of the references of a TokenIntrospector. */
export const INTROSPECTOR_REFERENCES = ['identity_provider', 'trusted_users[]'];

/** What TokenIntrospector adds to the mechanism of system resources (spec §2). */
export function tokenIntrospectorDefinition(endpoints: EndpointRules): SystemResourceDefinition {
  return {
    type: 'TokenIntrospector',
    dto: TokenIntrospectorDto,
    references: INTROSPECTOR_REFERENCES,
    secrets: INTROSPECTOR_SECRETS,
    searchParameters: new Map(),
    check: (resource, context) => check(resource, context, endpoints),
  };
}

async function check(
  resource: JsonObject,
  context: WriteContext,
  endpoints: EndpointRules,
): Promise<Findings> {
  const rules = checkTokenIntrospector(resource, {
    others: await otherIntrospectors(context),
    refusedUrl: (url) => endpoints.refusedUrl(url),
  });
  const references = referenceIssues(resource, { identity_provider: ['IdentityProvider'] });
  return { issues: [...references, ...rules.issues], warnings: rules.warnings };
}

async function otherIntrospectors({
  id,
  transaction,
}: WriteContext): Promise<readonly JsonObject[]> {
  const rows: { resource: JsonObject }[] = await transaction.manager.query(
    'SELECT resource FROM token_introspector WHERE id <> $1',
    [id],
  );
  return rows.map(({ resource }) => resource);
}
