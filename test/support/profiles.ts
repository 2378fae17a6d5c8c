import type { Json, JsonObject } from '../../src/interactions/formats/json.js';
import { R4Definitions } from '../../src/fhir/definitions/r4-definitions.js';
import { readClosure, type ProfileClosure } from '../../src/fhir/profiles/profile-closure.js';
import {
  ProfileValidator,
  type ProfileSettings,
} from '../../src/fhir/profiles/profile-validator.js';
import { ResourceValidator } from '../../src/fhir/validation/resource-validator.js';

const { rules } = new ResourceValidator(new R4Definitions(), ['User']);
/** Canonical URL of the profiles of tests. */
export const URL = 'http://x.example/p';
/** Nothing is required, and what is not known is tolerated. */
export const LENIENT: ProfileSettings = {
  requiredProfiles: new Map(),
  refusesUnknownProfiles: false,
};

/** An element of a differential: its id, and what is said of it. */
export type Element = readonly [id: string, said?: Record<string, Json>];

/** A StructureDefinition with a differential. */
export function profile(
  type: string,
  elements: readonly Element[],
  more: Record<string, Json> = {},
): JsonObject {
  return {
    resourceType: 'StructureDefinition',
    url: URL,
    kind: 'resource',
    derivation: 'constraint',
    type,
    baseDefinition: `http://hl7.org/fhir/StructureDefinition/${type}`,
    differential: {
      element: elements.map(([id, said = {}]) => ({
        id,
        path: id.replace(/:[^.]+/g, ''),
        ...said,
      })),
    },
    ...more,
  };
}

/** Validates by these definitions and by those of R4. */
export function validatorOf(
  definitions: readonly JsonObject[],
  settings = LENIENT,
): ProfileValidator {
  return new ProfileValidator({ closure: closuresOf(definitions) }, rules, settings);
}

/** Reads profiles from these definitions, each as it is asked for. */
export function closuresOf(
  definitions: readonly JsonObject[],
): (canonical: string) => Promise<ProfileClosure> {
  const sources = {
    find: (type: string, canonical: string) =>
      Promise.resolve(
        definitions.find((each) => each['resourceType'] === type && each['url'] === canonical),
      ),
    knownCodes: (url: string) => rules.bindings.find(url),
    isType: (name: string) => rules.shapes.find(name) !== undefined || name === 'User',
  };
  return (canonical) => readClosure(canonical, sources);
}
