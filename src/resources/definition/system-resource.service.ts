import type { ParsedBody } from '../../interactions/formats/json.js';
import {
  ResourceInteractions,
  type Requester,
  type Written,
} from '../../interactions/resource-interactions.js';
import type { RouteFamily } from '../../interactions/resource-rules.js';
import type { Preconditions } from '../../interactions/http/preconditions.js';
import { InteractionAnswers } from '../../interactions/http/interaction-answers.js';
import {
  ID_PARAMETER,
  IDENTIFIER_PARAMETER,
  LAST_UPDATED_PARAMETER,
} from '../../interactions/search/parameters.js';
import {
  assertPicking,
  parseSearch,
  type QueryParams,
  type SearchParameters,
} from '../../interactions/search/parse-search.js';
import type { Search } from '../../interactions/search/search-query.js';
import { systemTable } from '../../interactions/storage/resource-table.js';
import type { Transaction } from '../../interactions/storage/transaction.js';
import type { SystemResourceContext } from './system-resource-context.js';
import type { SystemResourceDefinition } from './system-resource-definition.js';
import { SystemResourceRules } from './system-resource-rules.js';
import { reportDuplicates, type Uniqueness } from './unique-violation.js';

/** The interactions on one type of system resource. */
export abstract class SystemResourceService extends ResourceInteractions {
  private readonly baseUrl: string;
  private readonly searchParameters: SearchParameters;
  private readonly uniqueness: Uniqueness;

  constructor(definition: SystemResourceDefinition, context: SystemResourceContext) {
    super(
      definition.type,
      context.stores.open(systemTable(definition.type)),
      new SystemResourceRules(definition, !context.settings.masksSecrets, context),
      context.unitOfWork,
    );
    this.baseUrl = context.settings.baseUrl;
    this.uniqueness = definition.uniqueness ?? {};
    this.searchParameters = new Map([
      ['_id', ID_PARAMETER],
      ['_lastUpdated', LAST_UPDATED_PARAMETER],
      ['identifier', IDENTIFIER_PARAMETER],
      ...definition.searchParameters,
    ]);
  }

  override createIn(
    transaction: Transaction,
    body: ParsedBody,
    requester: Requester,
  ): Promise<Written> {
    return reportDuplicates(this.uniqueness, () => super.createIn(transaction, body, requester));
  }

  override update(
    id: string,
    body: ParsedBody,
    requester: Requester,
    preconditions: Preconditions = {},
  ): Promise<Written> {
    return reportDuplicates(this.uniqueness, () =>
      super.update(id, body, requester, preconditions),
    );
  }

  override patch(
    id: string,
    patch: ParsedBody,
    requester: Requester & { readonly contentType?: string | undefined },
    preconditions: Preconditions = {},
  ): Promise<Written> {
    return reportDuplicates(this.uniqueness, () =>
      super.patch(id, patch, requester, preconditions),
    );
  }

  /** Renders results as the routes of one family show them. */
  answers(family: RouteFamily): InteractionAnswers {
    const url = family === 'fhir' ? `${this.baseUrl}/fhir` : this.baseUrl;
    return new InteractionAnswers(this, { url, family });
  }

  /** @throws BadRequest for a parameter that is unknown, empty or unparsable. */
  parseSearch(query: QueryParams): Search {
    const parsed = parseSearch(query, this.searchParameters);
    return { inline: [], included: [], run: () => this.search(parsed) };
  }

  /** @throws BadRequest 400 also for parameters that shape a result, and without any that picks. */
  parseCriteria(query: QueryParams): Search {
    assertPicking(query);
    const parsed = parseSearch(query, this.searchParameters);
    return { inline: [], included: [], run: () => this.search({ ...parsed, count: 2 }) };
  }
}
