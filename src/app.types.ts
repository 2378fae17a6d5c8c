import type { AppConfig } from './config/app-config.js';
import { RESOURCE_TYPES } from './fhir/resource-types.js';

/** Relations of policies in SQL, and why there are no more. */
export interface KnownRelations {
  readonly relations: readonly string[];
  readonly whyOthersAreMissing: string | undefined;
}

/** The types of system resources, as the CapabilityStatement lists them. */
export const SYSTEM_TYPES: readonly string[] = [
  'AccessPolicy',
  'Client',
  'IdentityProvider',
  'Role',
  'TokenIntrospector',
  'User',
];

/** Every type of resource that is served. */
export const SERVED_TYPES: readonly string[] = [...RESOURCE_TYPES.keys(), ...SYSTEM_TYPES];

/** What policies in SQL may name: a relation for every type that is in the database. */
export function relationsOf({ gateway }: Pick<AppConfig, 'gateway'>): KnownRelations {
  if (gateway.upstreamUrl === undefined) {
    return { relations: lowerCase(SERVED_TYPES), whyOthersAreMissing: undefined };
  }
  const whyOthersAreMissing =
    'clinical resources are in the FHIR server behind this one, which SQL does not reach';
  return { relations: lowerCase(SYSTEM_TYPES), whyOthersAreMissing };
}

function lowerCase(types: readonly string[]): readonly string[] {
  return types.map((type) => type.toLowerCase());
}
