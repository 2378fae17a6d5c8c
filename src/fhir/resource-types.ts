import { R4_TYPES } from './r4-resource-types.js';

/** The concrete resource types of FHIR R4 (4.0.1), in order of their names. */
export const RESOURCE_TYPES: ReadonlySet<string> = new Set(R4_TYPES.trim().split(/\s+/));
