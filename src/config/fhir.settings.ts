import { IsBoolean } from 'class-validator';

import { Setting } from './setting.js';
import { EachSatisfies, isProfileOfType } from './setting-rules.js';

/** By what clinical and system resources are validated besides the definitions of their types. */
export class FhirSettingGroup {
  @Setting({
    variable: 'WARDGATE_REQUIRED_PROFILES',
    kind: 'list',
    description:
      'Profiles that all resources of a type must conform to whenever they are written, system resources included; each is stored as a StructureDefinition. See validation.md.',
    allowed:
      'pairs of a type and a canonical URL such as `Patient=http://example.org/StructureDefinition/p`, separated by commas',
    default: '',
  })
  @EachSatisfies(isProfileOfType)
  readonly requiredProfiles!: readonly string[];

  @Setting({
    variable: 'BOX_FHIR_VALIDATOR_STRICT_PROFILE_RESOLUTION',
    kind: 'boolean',
    description:
      'Refuses resources that claim a profile which is not stored here, instead of a warning.',
    allowed: '`true` or `false`',
    default: 'false',
  })
  @IsBoolean()
  readonly refusesUnknownProfiles!: boolean;

  @Setting({
    variable: 'WARDGATE_REFERENTIAL_INTEGRITY',
    kind: 'boolean',
    description:
      'Refuses clinical resources that refer to what is not here, and the deletion of what others refer to. The same on all instances; existing resources are indexed again when it changes.',
    allowed: '`true` or `false`',
    default: 'false',
  })
  @IsBoolean()
  readonly keepsReferentialIntegrity!: boolean;
}
