import { Interned } from '../interned.js';
import { isArray, own, ownString, type Json } from '../json.js';
import type { AccessRequest } from '../access-request.js';

/** A value that can be looked up; like the engines, it tells `1` from `"1"`. */
export type Scalar = string | number | boolean;

/** Something about a request of which policies demand certain values. */
export interface Feature {
  /** Equal for equal features, and only for them. */
  readonly key: string;
  /** Where it stands in the request object, for those who are told. */
  readonly path: readonly string[];
  /** The way to the value, or to the Roles whose names are meant. */
  readonly steps: readonly string[];
  readonly isOfRoles: boolean;
}

const FEATURES = new Interned<Feature>();

/** The value at a path of objects from the root of the request. */
export function valueFeature(path: readonly string[]): Feature {
  return shared({ key: JSON.stringify(path), path, steps: path, isOfRoles: false });
}

/** The names of all Roles at a path, `role` or `session.role`. */
export function roleNameFeature(path: readonly string[]): Feature {
  const key = `names of ${JSON.stringify(path)}`;
  return shared({ key, path: [...path, 'name'], steps: path, isOfRoles: true });
}

/**
 * What the request says of a feature: one value, several of which each counts, or none.
 *
 * One function for all features, no method of theirs: so it is compiled into whoever asks.
 */
export function valueIn(
  { steps, isOfRoles }: Feature,
  request: AccessRequest,
): Scalar | readonly Scalar[] | undefined {
  let value: Json | undefined = request;
  for (const step of steps) value = own(value, step);
  if (isOfRoles) return isArray(value) ? namesOf(value) : undefined;
  return isScalar(value) ? value : undefined;
}

function shared(feature: Feature): Feature {
  return FEATURES.of(feature.key, feature);
}

/** Whether a value is one that can be looked up. */
export function isScalar(value: Json | undefined): value is Scalar {
  // A map finds NaN, which equals nothing. JSON has none.
  if (typeof value === 'number') return !Number.isNaN(value);
  return typeof value === 'string' || typeof value === 'boolean';
}

/** By list, since each branch and each policy asks for them. */
const NAMES = new WeakMap<readonly Json[], readonly string[]>();

/** Each once: a User may have a name through many Roles. */
function namesOf(roles: readonly Json[]): Scalar | readonly Scalar[] | undefined {
  if (roles.length === 1) return ownString(roles[0], 'name');
  const known = NAMES.get(roles);
  if (known) return known;
  const names = [...new Set(roles.flatMap((role) => ownString(role, 'name') ?? []))];
  NAMES.set(roles, names);
  return names;
}
