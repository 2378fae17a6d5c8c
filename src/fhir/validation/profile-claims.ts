import type { Issue } from '../../errors/fhir-error.js';
import { isJsonObject, type Json, type JsonObject } from '../../interactions/formats/json.js';

const CORE = 'http://hl7.org/fhir/StructureDefinition/';

/** Whether a profile is the definition of the type itself, which everything is validated by. */
export function isOwnDefinition(profile: string, type: string): boolean {
  return [CORE + type, `${CORE}${type}|4.0.1`, `${CORE}${type}|4.0`].includes(profile);
}

/**
 * Profiles that a resource claims in `meta.profile` and that it was not validated by, one warning for each.
 *
 * @param resource of the form that R4 defines
 */
export function claimWarnings(resource: JsonObject, type: string): readonly Issue[] {
  const meta = resource['meta'];
  const claimed = isJsonObject(meta) ? meta['profile'] : undefined;
  const profiles = Array.isArray(claimed) ? (claimed as readonly Json[]) : [];
  return profiles.flatMap((profile, at) => {
    if (typeof profile !== 'string' || isOwnDefinition(profile, type)) return [];
    const expression = `${type}.meta.profile[${at}]`;
    const diagnostics = `${expression} claims ${profile.slice(0, 200)}, which was not looked at`;
    return [{ severity: 'warning', code: 'not-supported', diagnostics, expression }];
  });
}
