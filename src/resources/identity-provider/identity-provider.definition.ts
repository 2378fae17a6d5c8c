import { StillNeeded, type Issue } from '../../errors/fhir-error.js';
import type { Transaction } from '../../interactions/storage/transaction.js';
import { own, type JsonObject } from '../../policy/json.js';
import type { SystemResourceDefinition } from '../definition/system-resource-definition.js';
import { endpointWarnings, type EndpointRules } from '../endpoint-rules.js';
import { IdentityProviderDto } from './identity-provider.dto.js';
import { parseRoleRules, roleRuleProblems, suspectClaims } from './role-mapping.js';
import { scimMappingProblems } from './scim-mapping.js';

/** The server calls these itself; `authorize_endpoint` is visited by browsers. */
const CALLED = [
  'token_endpoint',
  'userinfo_endpoint',
  'introspection_endpoint',
  'registration_endpoint',
  'revocation_endpoint',
  'jwks_uri',
  'base_url',
];

/** Where the credentials of the OAuth client are sent. */
const CREDENTIALS = {
  sentTo: [
    'base_url',
    'token_endpoint',
    'introspection_endpoint',
    'registration_endpoint',
    'revocation_endpoint',
  ],
};

/** Where they are sent, and how. */
const CREDENTIALS_BOUND_TO = ['type', ...CREDENTIALS.sentTo, 'client.auth-method'];

/** What IdentityProvider adds to the mechanism of system resources (spec §4). */
export function identityProviderDefinition(endpoints: EndpointRules): SystemResourceDefinition {
  return {
    type: 'IdentityProvider',
    dto: IdentityProviderDto,
    references: [],
    secrets: [
      { path: 'client.secret', boundTo: CREDENTIALS_BOUND_TO, external: CREDENTIALS },
      { path: 'client.private-key', boundTo: CREDENTIALS_BOUND_TO, external: CREDENTIALS },
    ],
    searchParameters: new Map(),
    uniqueness: {
      identity_provider_system_uq: {
        expression: 'IdentityProvider.system',
        diagnostics: 'Another active IdentityProvider has this system',
      },
    },
    checkRemoval: refuseWhileReferred,
    check: (provider) => ({
      issues: [...mappingIssues(provider), ...roleMappingIssues(provider)],
      warnings: [...endpointWarnings(provider, CALLED, endpoints), ...advice(provider)],
    }),
  };
}

/**
 * Without their provider its users would be nobody, and an inactive one of them would be let in by a policy
 * that names the issuer only.
 */
async function refuseWhileReferred(id: string, { manager }: Transaction): Promise<void> {
  const rows: { id: string }[] = await manager.query(
    `SELECT id FROM token_introspector
      WHERE resource #>> '{identity_provider,reference}' = $1 ORDER BY id LIMIT 1`,
    [`IdentityProvider/${id}`],
  );
  const [introspector] = rows;
  if (!introspector) return;
  throw new StillNeeded(
    `TokenIntrospector/${introspector.id} refers to this IdentityProvider: change or delete it first`,
  );
}

function mappingIssues(provider: JsonObject): readonly Issue[] {
  return scimMappingProblems(own(provider, 'toScim')).map(({ claim, problem }) => ({
    code: 'value',
    diagnostics: problem,
    expression: claim === '' ? 'IdentityProvider.toScim' : `IdentityProvider.toScim.${claim}`,
  }));
}

function roleMappingIssues(provider: JsonObject): readonly Issue[] {
  return roleRuleProblems(own(provider, 'roleMapping')).map(({ index, problem }) => ({
    code: 'value',
    diagnostics: problem,
    expression: `IdentityProvider.roleMapping[${index}]`,
  }));
}

function advice(provider: JsonObject): readonly string[] {
  const missingSystem = own(provider, 'system') === undefined;
  const dotted = suspectClaims(parseRoleRules(own(provider, 'roleMapping')));
  return [
    ...(missingSystem
      ? ['IdentityProvider.system: without it no User is found by identifier, and none is created']
      : []),
    ...dotted.map(
      (name) =>
        `IdentityProvider.roleMapping: ${JSON.stringify(name)} is read as the name of one claim; a path is a list of names`,
    ),
  ];
}
