import { isJsonObject, type Json, type JsonObject } from '../../interactions/formats/json.js';

const CORE = 'http://hl7.org/fhir/StructureDefinition/';

/** A resource, or one within it, and a profile that it is to conform to. */
export interface ProfileClaim {
  readonly resource: JsonObject;
  /** The resource in which contained ones are. */
  readonly root: JsonObject;
  /** How FHIRPath leads to the resource from the outermost one. */
  readonly steps: readonly (string | number)[];
  readonly canonical: string;
  /** Position in its `meta.profile`; `undefined` where not the resource claims it. */
  readonly at: number | undefined;
}

/** Whether a profile is the definition of the type itself, which everything is validated by. */
export function isOwnDefinition(profile: string, type: string): boolean {
  return [CORE + type, `${CORE}${type}|4.0.1`, `${CORE}${type}|4.0`].includes(profile);
}

/**
 * The type that a canonical URL is R4's own definition of.
 *
 * @returns `undefined` for the profiles that R4 publishes besides, whose names begin small or have dashes
 */
export function coreType(canonical: string): string | undefined {
  const name = canonical.startsWith(CORE) ? canonical.slice(CORE.length).split('|')[0] : undefined;
  return name !== undefined && /^[A-Z][A-Za-z]*$/.test(name) ? name : undefined;
}

/**
 * The profiles that a resource and those within it claim in `meta.profile`.
 *
 * @param resource of the form that R4 defines
 */
export function claimsIn(resource: JsonObject): readonly ProfileClaim[] {
  const claims: ProfileClaim[] = [];
  collect(resource, resource, [], claims);
  return claims;
}

function collect(
  resource: JsonObject,
  root: JsonObject,
  steps: readonly (string | number)[],
  claims: ProfileClaim[],
): void {
  profilesOf(resource).forEach((canonical, at) => {
    const isOwn = isOwnDefinition(canonical, typeOf(resource));
    if (!isOwn) claims.push({ resource, root, steps, canonical, at });
  });
  objectsAt(resource, 'contained').forEach((each, at) => {
    collect(each, root, [...steps, 'contained', at], claims);
  });
  const list = { Bundle: 'entry', Parameters: 'parameter' }[typeOf(resource)];
  if (list !== undefined) collectParts(resource, list, steps, claims);
}

/** Resources in the entries of a Bundle and in Parameters are resources of their own. */
function collectParts(
  object: JsonObject,
  list: string,
  steps: readonly (string | number)[],
  claims: ProfileClaim[],
): void {
  objectsAt(object, list).forEach((part, at) => {
    const resource = part['resource'];
    const own = [...steps, list, at];
    if (isJsonObject(resource)) {
      collect(resource, resource, [...own, 'resource'], claims);
    }
    if (list !== 'entry') collectParts(part, 'part', own, claims);
  });
}

function profilesOf(resource: JsonObject): readonly string[] {
  const meta = Object.hasOwn(resource, 'meta') ? resource['meta'] : undefined;
  const claimed = isJsonObject(meta) ? meta['profile'] : undefined;
  const profiles = Array.isArray(claimed) ? (claimed as readonly Json[]) : [];
  return profiles.filter((profile) => typeof profile === 'string');
}

function objectsAt(object: JsonObject, name: string): readonly JsonObject[] {
  const value = Object.hasOwn(object, name) ? object[name] : undefined;
  return Array.isArray(value) ? (value as readonly Json[]).filter(isJsonObject) : [];
}

function typeOf({ resourceType }: JsonObject): string {
  return typeof resourceType === 'string' ? resourceType : '';
}
