import { SearchDefinitions } from '../../interactions/search/definitions/search-definitions.js';
import written from './r4-search.json' with { type: 'json' };

/** The search parameters of FHIR R4 (4.0.1). */
export function r4SearchDefinitions(): SearchDefinitions {
  return new SearchDefinitions(written);
}
