import type { Provider } from '@nestjs/common';
import { ChangeFeed } from '../../interactions/changes/change-feed.js';
import { ClinicalSearches } from '../../interactions/search/query/clinical-searches.js';
import { FhirSettings } from '../fhir-settings.js';
import { ResourceValidator } from '../validation/resource-validator.js';
import { ProfileLibrary } from './profile-library.js';
import { ProfileValidator } from './profile-validator.js';

/** How resources are compared with the profiles that are stored here. */
export const PROFILE_PROVIDERS: Provider[] = [
  {
    provide: ProfileLibrary,
    inject: [ClinicalSearches, ResourceValidator, ChangeFeed],
    useFactory: library,
  },
  {
    provide: ProfileValidator,
    inject: [ProfileLibrary, ResourceValidator, FhirSettings],
    useFactory: (stored: ProfileLibrary, { rules }: ResourceValidator, settings: FhirSettings) =>
      new ProfileValidator(stored, rules, settings),
  },
];

function library(
  searches: ClinicalSearches,
  { rules }: ResourceValidator,
  feed: ChangeFeed,
): ProfileLibrary {
  const { shapes, bindings, otherTypes } = rules;
  const profiles = new ProfileLibrary(searches, {
    knownCodes: (url) => bindings.find(url),
    isType: (name) => shapes.find(name) !== undefined || otherTypes.includes(name),
  });
  feed.subscribe(profiles);
  return profiles;
}
