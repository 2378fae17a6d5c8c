import { Injectable } from '@nestjs/common';
import { NotFound } from '../errors/fhir-error.js';
import { ClinicalSearches } from '../interactions/search/query/clinical-searches.js';
import { ClinicalInteractions } from './clinical-interactions.js';
import { ClinicalStorage } from './clinical-storage.js';
import { FhirSettings } from './fhir-settings.js';
import { RESOURCE_TYPES } from './resource-types.js';
import { ProfileValidator } from './profiles/profile-validator.js';
import { ResourceValidator } from './validation/resource-validator.js';

/** The interactions of all R4 resource types. */
@Injectable()
export class ClinicalService {
  private readonly byType: ReadonlyMap<string, ClinicalInteractions>;

  constructor(
    storage: ClinicalStorage,
    searches: ClinicalSearches,
    { baseUrl }: FhirSettings,
    validator: ResourceValidator,
    profiles: ProfileValidator,
  ) {
    const context = { storage, searches, baseUrl, validator, profiles };
    this.byType = new Map(
      [...RESOURCE_TYPES.keys()].map((type) => [type, new ClinicalInteractions(type, context)]),
    );
  }

  /**
   * @throws NotFound 404 for everything that is no R4 type. System resources are none: what is missing
   * among their routes must not be served by the generic ones, which are no administration.
   */
  of(type: string): ClinicalInteractions {
    const interactions = this.byType.get(type);
    if (interactions) return interactions;
    throw new NotFound('There is no such route, or not with this method');
  }

  /** In order of their names. */
  all(): readonly ClinicalInteractions[] {
    return [...this.byType.values()];
  }
}
