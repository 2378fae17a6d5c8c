import type { Provider } from '@nestjs/common';
import { ClinicalReads } from '../interactions/load/clinical-reads.js';
import { SearchDefinitions } from '../interactions/search/definitions/search-definitions.js';
import { SearchIndexing } from '../interactions/search/index/search-indexing.js';
import { SearchIndex } from '../interactions/search/index/search-index.js';
import { ClinicalSearches } from '../interactions/search/query/clinical-searches.js';
import { r4SearchDefinitions } from './definitions/r4-search-definitions.js';
import { FhirSettings } from './fhir-settings.js';
import { ReferenceIntegrity } from './integrity/reference-integrity.js';
import { SystemTypes } from './system-types.js';

/** How clinical resources are indexed and searched, by the definitions of R4. */
export const SEARCH_PROVIDERS: Provider[] = [
  {
    provide: SearchDefinitions,
    inject: [FhirSettings],
    useFactory: ({ furtherSearchParameters }: FhirSettings) =>
      r4SearchDefinitions(furtherSearchParameters),
  },
  {
    provide: SearchIndex,
    inject: [SearchDefinitions, FhirSettings],
    useFactory: (definitions: SearchDefinitions, settings: FhirSettings) =>
      new SearchIndex(definitions, fhirBase(settings), settings.keepsReferentialIntegrity),
  },
  SearchIndexing,
  {
    provide: ReferenceIntegrity,
    inject: [FhirSettings, SystemTypes, SearchIndexing],
    useFactory: (settings: FhirSettings, { names }: SystemTypes, indexing: SearchIndexing) =>
      new ReferenceIntegrity({
        isKept: settings.keepsReferentialIntegrity,
        baseUrl: fhirBase(settings),
        systemTypes: names,
        assertComplete: () => indexing.assertComplete(),
      }),
  },
  {
    provide: ClinicalSearches,
    inject: [SearchDefinitions, FhirSettings, ClinicalReads, SearchIndexing],
    useFactory: (
      definitions: SearchDefinitions,
      settings: FhirSettings,
      reads: ClinicalReads,
      indexing: SearchIndexing,
    ) =>
      new ClinicalSearches({
        definitions,
        reads,
        baseUrl: fhirBase(settings),
        assertComplete: () => indexing.assertComplete(),
      }),
  },
];

function fhirBase({ baseUrl }: FhirSettings): string {
  return `${baseUrl}/fhir`;
}
