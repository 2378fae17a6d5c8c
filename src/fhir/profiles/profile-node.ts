import type { Json } from '../../interactions/formats/json.js';
import type { Constraint } from '../definitions/type-definition.js';

/** A type that a profile allows at an element (FHIR R4, ElementDefinition.type). */
export interface ProfiledType {
  readonly code: string;
  /** Profiles of which a value must conform to one; empty where the type itself is enough. */
  readonly profiles: readonly string[];
  /** Profiles or types that a reference may lead to; empty where nothing is said of it. */
  readonly targets: readonly string[];
}

/** How the values of an element are told apart (FHIR R4, ElementDefinition.slicing.discriminator). */
export interface Discriminator {
  readonly type: string;
  readonly path: string;
}

/** Values of one element, each of which may belong to a slice with rules of its own. */
export interface Slicing {
  readonly discriminators: readonly Discriminator[];
  /** Whether values that belong to no slice are allowed. */
  readonly isClosed: boolean;
  /** Whether such values come after all others. */
  readonly isOpenAtEnd: boolean;
  readonly isOrdered: boolean;
}

/** What a profile says of one element, besides what R4 says of it. */
export interface ProfileNode {
  /** Name in FHIRPath: `value` for `value[x]`. */
  readonly name: string;
  readonly sliceName?: string;
  /** The slice of the same name in the profile that this one is based on, which says what tells it apart. */
  restricts?: ProfileNode;
  min: number;
  /** `Infinity` where the profile sets no limit. */
  max: number;
  /** Empty where the profile allows what R4 allows. */
  types: readonly ProfiledType[];
  fixed?: Json;
  pattern?: Json;
  /** URL of the value set that is required. */
  binding?: string;
  maxLength?: number;
  constraints: readonly Constraint[];
  slicing?: Slicing;
  readonly children: ProfileNode[];
  readonly slices: ProfileNode[];
  /** What of the profile is not looked at here, in words. */
  readonly unsupported: string[];
}

/** A profile as it is read from a StructureDefinition. */
export interface Profile {
  /** Canonical URL, without a version. */
  readonly url: string;
  readonly type: string;
  readonly root: ProfileNode;
  /** The profile that this one restricts further, where its rules are not included in this one. */
  readonly base?: string;
}

/** A StructureDefinition by which nothing can be validated; the message says why. */
export class UnusableProfile extends Error {}
