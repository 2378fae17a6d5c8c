import type { Issue } from '../../errors/fhir-error.js';
import { ownString, type JsonObject } from '../../policy/json.js';
import type { SystemResourceDefinition } from '../definition/system-resource-definition.js';
import { referenceIssues } from '../reference-rules.js';
import type { SecretField } from '../secrets/secret-field.js';
import { claimsToBeHashed, isHashedSecret, storedSecret } from './client-secret.js';
import { ClientDto } from './client.dto.js';

const REFERENCE_TYPES = {
  'scopes[].policy': ['AccessPolicy'],
  'allowed-scopes[]': ['Scope'],
  'auth.authorization_code.default_identity_provider': ['IdentityProvider'],
};

/** Element paths of the references of a Client. */
export const CLIENT_REFERENCES = Object.keys(REFERENCE_TYPES);

/** The write-only elements of a Client. */
export const CLIENT_SECRETS: readonly SecretField[] = [
  {
    path: 'secret',
    boundTo: [],
    external: { sentTo: [] },
    store: async (secret) => storedSecret(secret),
  },
];

/** What Client adds to the mechanism of system resources (spec §5). */
export const CLIENT: SystemResourceDefinition = {
  type: 'Client',
  dto: ClientDto,
  references: CLIENT_REFERENCES,
  secrets: CLIENT_SECRETS,
  searchParameters: new Map(),
  check: (client) => ({
    issues: [...referenceIssues(client, REFERENCE_TYPES), ...secretIssues(client)],
    warnings: [],
  }),
};

function secretIssues(client: JsonObject): readonly Issue[] {
  const secret = ownString(client, 'secret') ?? '';
  if (!claimsToBeHashed(secret) || isHashedSecret(secret)) return [];
  return [
    {
      code: 'value',
      diagnostics: 'A secret that begins with __sha256: must be followed by 64 hexadecimal digits',
      expression: 'Client.secret',
    },
  ];
}
