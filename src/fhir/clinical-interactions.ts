import { InteractionAnswers } from '../interactions/http/interaction-answers.js';
import { ResourceInteractions } from '../interactions/resource-interactions.js';
import { parseSearch, type QueryParams } from '../interactions/search/parse-search.js';
import type { SearchQuery } from '../interactions/search/search-query.js';
import { clinicalTable } from '../interactions/storage/resource-table.js';
import type { ResourceStores } from '../interactions/storage/resource-stores.js';
import type { UnitOfWork } from '../interactions/storage/unit-of-work.js';
import { ClinicalRules } from './clinical-rules.js';
import type { IdentifierDefinition } from './resource-types.js';
import { clinicalSearchParameters, type ClinicalSearchParameter } from './search-parameters.js';

/** What the interactions of every clinical type are built with. */
export interface ClinicalContext {
  readonly stores: Pick<ResourceStores, 'open'>;
  readonly unitOfWork: UnitOfWork;
  /** Base URL of the server, without a trailing slash. */
  readonly baseUrl: string;
}

/** The interactions on one clinical type, served from the built-in store. */
export class ClinicalInteractions extends ResourceInteractions {
  readonly searchParameters: ReadonlyMap<string, ClinicalSearchParameter>;
  /** Renders results; clinical types are on `/fhir` routes only. */
  readonly answers: InteractionAnswers;

  constructor(
    type: string,
    identifiers: readonly IdentifierDefinition[],
    { stores, unitOfWork, baseUrl }: ClinicalContext,
  ) {
    super(type, stores.open(clinicalTable(type)), new ClinicalRules(type, identifiers), unitOfWork);
    this.searchParameters = clinicalSearchParameters(identifiers);
    this.answers = new InteractionAnswers(this, { url: `${baseUrl}/fhir`, family: 'fhir' });
  }

  /** @throws BadRequest 400 for a parameter that is unknown, empty or unparsable. */
  parseSearch(query: QueryParams): SearchQuery {
    return parseSearch(query, this.searchParameters);
  }
}
