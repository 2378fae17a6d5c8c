import { own, ownString, type JsonObject } from '../../policy/json.js';
import { parseRoleRules, type RoleRule } from './role-mapping.js';
import { parseScimMappings, type ScimMapping } from './scim-mapping.js';

/** Where the attributes of a new User come from. */
export const USERINFO_SOURCES = ['userinfo-endpoint', 'id-token'] as const;

/** What a token of a service account of the provider may stand for. */
export const SERVICE_ACCOUNTS = ['user', 'client'] as const;

/** An IdentityProvider as users are resolved with it: parsed, frozen, without secrets (spec §4). */
export interface IdentityProvider {
  readonly id: string;
  readonly active: boolean;
  /** `undefined`: no User is found by identifier, and none is created. */
  readonly system: string | undefined;
  /** `undefined`: attributes come from the token itself. */
  readonly userinfoEndpoint: string | undefined;
  /** Scheme of the Authorization header under which the token is sent there. */
  readonly userinfoScheme: string;
  readonly linksByEmail: boolean;
  readonly scimMappings: readonly ScimMapping[];
  readonly roleRules: readonly RoleRule[];
  readonly serviceAccounts: (typeof SERVICE_ACCOUNTS)[number];
}

/** Reads a stored IdentityProvider. */
export function parseIdentityProvider(resource: JsonObject): IdentityProvider {
  const usesEndpoint = ownString(resource, 'userinfo-source') !== 'id-token';
  return Object.freeze({
    id: ownString(resource, 'id') ?? '',
    active: own(resource, 'active') !== false,
    system: ownString(resource, 'system'),
    userinfoEndpoint: usesEndpoint ? ownString(resource, 'userinfo_endpoint') : undefined,
    userinfoScheme: ownString(resource, 'userinfo_header') ?? 'Bearer',
    linksByEmail: own(resource, 'linkByEmail') === true,
    scimMappings: parseScimMappings(own(resource, 'toScim')),
    roleRules: parseRoleRules(own(resource, 'roleMapping')),
    serviceAccounts: ownString(resource, 'serviceAccounts') === 'client' ? 'client' : 'user',
  });
}
