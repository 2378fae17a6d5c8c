import type { AppConfig } from './app-config.js';
import type { ConfigProblem } from './config-error.js';

/**
 * Settings by which the built-in store validates, where a FHIR server behind Wardgate has the clinical
 * resources. They would promise what nobody keeps, and profiles of system resources would not be found.
 */
export function storeOnlyProblems(
  { requiredProfiles, refusesUnknownProfiles, keepsReferentialIntegrity }: AppConfig['fhir'],
  { upstreamUrl }: AppConfig['gateway'],
): ConfigProblem[] {
  if (upstreamUrl === undefined) return [];
  const set: readonly (readonly [boolean, string])[] = [
    [requiredProfiles.length > 0, 'WARDGATE_REQUIRED_PROFILES'],
    [refusesUnknownProfiles, 'BOX_FHIR_VALIDATOR_STRICT_PROFILE_RESOLUTION'],
    [keepsReferentialIntegrity, 'WARDGATE_REFERENTIAL_INTEGRITY'],
  ];
  const expected =
    'needs the built-in store; with FHIR_UPSTREAM_URL, set it up in that FHIR server';
  return set.flatMap(([isSet, variable]) => (isSet ? [{ variable, expected }] : []));
}
