import type { ParsedBody } from '../interactions/formats/json.js';
import { InteractionAnswers } from '../interactions/http/interaction-answers.js';
import { ResourceInteractions } from '../interactions/resource-interactions.js';
import type { QueryParams } from '../interactions/search/parse-search.js';
import type { ClinicalSearches } from '../interactions/search/query/clinical-searches.js';
import type { Search } from '../interactions/search/search-query.js';
import { clinicalTable } from '../interactions/storage/resource-table.js';
import type { Transaction } from '../interactions/storage/transaction.js';
import { ClinicalRules, type Examination } from './clinical-rules.js';
import type { ClinicalStorage } from './clinical-storage.js';
import type { ProfileValidator } from './profiles/profile-validator.js';
import type { ResourceValidator } from './validation/resource-validator.js';

/** What the interactions of every clinical type are built with. */
export interface ClinicalContext {
  readonly storage: ClinicalStorage;
  readonly searches: ClinicalSearches;
  /** Base URL of the server, without a trailing slash. */
  readonly baseUrl: string;
  readonly validator: ResourceValidator;
  readonly profiles: ProfileValidator;
}

/** The interactions on one clinical type, served from the built-in store. */
export class ClinicalInteractions extends ResourceInteractions {
  /** Renders results; clinical types are on `/fhir` routes only. */
  readonly answers: InteractionAnswers;
  private readonly searches: ClinicalSearches;
  private readonly clinicalRules: ClinicalRules;

  constructor(type: string, context: ClinicalContext) {
    const { storage, searches, baseUrl, validator, profiles } = context;
    const store = storage.stores.open(clinicalTable(type), storage.index);
    const rules = new ClinicalRules(type, validator, profiles, storage.integrity);
    super(type, store, rules, storage.unitOfWork);
    this.clinicalRules = rules;
    this.searches = searches;
    this.answers = new InteractionAnswers(this, { url: `${baseUrl}/fhir`, family: 'fhir' });
  }

  override within(transaction: Transaction): this {
    const searches = this.searches.within(transaction.manager);
    // Its connection waits anyhow, and all that is validated for it shares one time.
    const prepare = (body: ParsedBody) => Promise.resolve(body);
    return Object.assign(super.within(transaction), { searches, prepare });
  }

  /**
   * What a write of this body would be refused for, and warnings; nothing is written.
   *
   * @param profiles that it is to conform to besides those that it claims
   * @throws BadRequest 400 when the body is no resource of this type, or of another id.
   */
  examine(
    body: ParsedBody,
    id: string | undefined,
    profiles: readonly string[],
  ): Promise<Examination> {
    return this.clinicalRules.examine(body, id, profiles);
  }

  /** @throws BadRequest 400 for a parameter that is unknown, unsupported, empty or unparsable. */
  parseSearch(query: QueryParams): Search {
    return this.searches.parse(query, [this.type]);
  }

  /** @throws BadRequest 400 also for parameters that shape a result, and without any that picks. */
  parseCriteria(query: QueryParams): Search {
    return this.searches.parseCriteria(query, this.type);
  }
}
