import { RESOURCE_TYPES } from './fhir/resource-types.js';

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

/** The relations that policies in SQL may name: one for every type. */
export const RELATIONS: readonly string[] = SERVED_TYPES.map((type) => type.toLowerCase());
