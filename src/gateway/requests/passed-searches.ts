import { Injectable } from '@nestjs/common';
import { RESOURCE_TYPES } from '../../fhir/resource-types.js';
import { assertCompartment, searchedTypes } from '../../fhir/searched-types.js';
import { EntryAuthorizer } from '../../interactions/bundle/entry-authorizer.js';
import {
  assertInlineAllowed,
  refusalOfSearches,
} from '../../interactions/bundle/inline-searches.js';
import type { Answer } from '../../interactions/http/answer.js';
import { assertResourceId } from '../../interactions/resource-id.js';
import type { QueryParams } from '../../interactions/search/parse-search.js';
import { ClinicalSearches } from '../../interactions/search/query/clinical-searches.js';
import type { Search } from '../../interactions/search/search-query.js';
import type { Compartment } from '../../interactions/search/query/compartment.js';
import type { AskedCriteria, ExpectedBundle } from '../checking/expected-answer.js';
import { criteriaOf } from '../checking/self-link.js';
import { Pages, withoutPage } from '../paging/pages.js';
import type { Passage } from '../passing/passage.js';
import { Passing } from '../passing/passing.js';
import { BUNDLE } from '../rewriting/bundle-places.js';
import type { UpstreamRequest } from '../upstream/upstream.js';
import { assertClinical } from './instance-requests.js';
import { LocalAddresses } from './local-addresses.js';
import { historyRequest, searchRequest } from './search-requests.js';

/** Whose history is asked for: that of a resource, of all of a type, or of everything. */
export interface HistoryAddress {
  readonly type?: string;
  readonly id?: string;
}

/** Searches and histories of the upstream: understood and decided as those of the built-in store, then passed. */
@Injectable()
export class PassedSearches {
  constructor(
    private readonly searches: ClinicalSearches,
    private readonly authorizer: EntryAuthorizer,
    private readonly pages: Pages,
    private readonly passing: Passing,
    private readonly addresses: LocalAddresses,
  ) {}

  /**
   * @throws NotFound 404 for what is no R4 type, BadRequest 400 for a parameter that is not understood,
   * FhirError 403 where the search leads to what the caller may not search
   */
  async ofType(type: string, passage: Passage): Promise<Answer> {
    assertClinical(type);
    const query = withoutPage(passage.request);
    const search = this.searches.parse(query, [type]);
    await assertInlineAllowed(search, this.authorizer.snapshot(passage.request));
    const sent = this.addresses.query(query, [type]);
    const request = searchRequest([type], sent, passage.method);
    return this.pass(request, query, passage, searchset([type], search), criteriaOf(sent));
  }

  /** As {@link ofType}, of each type that `_type` names. */
  async ofTypes(passage: Passage): Promise<Answer> {
    const query = withoutPage(passage.request);
    const { _type: given, ...rest } = query;
    const types = searchedTypes(given, this.addresses.definitions);
    const search = this.searches.parse(rest, types);
    const decisions = this.authorizer.snapshot(passage.request);
    const refusal = await refusalOfSearches(
      types.map((type) => ({ type, query: rest })),
      decisions,
    );
    if (refusal) throw refusal;
    await assertInlineAllowed(search, decisions);
    const asked = this.addresses.query(rest, types);
    const sent = { _type: types.join(','), ...asked };
    const request = searchRequest([], sent, passage.method);
    return this.pass(request, query, passage, searchset(types, search), criteriaOf(asked));
  }

  /** As {@link ofType}, of what is in a compartment. */
  async inCompartment(compartment: Compartment, member: string, passage: Passage): Promise<Answer> {
    assertCompartment(compartment, member, this.addresses.definitions);
    const query = withoutPage(passage.request);
    const search = this.searches.parse(query, [member], compartment);
    await assertInlineAllowed(search, this.authorizer.snapshot(passage.request));
    const path = [compartment.type, compartment.id, member];
    const sent = this.addresses.query(query, [member]);
    const request = searchRequest(path, sent, passage.method);
    const parameters = this.addresses.definitions.compartmentParameters(compartment.type, member);
    const itself = member === compartment.type ? ['_id'] : [];
    const criteria = criteriaOf(sent, { ...compartment, parameters: [...parameters, ...itself] });
    return this.pass(request, query, passage, searchset([member], search), criteria);
  }

  /** A history, decided by its operation alone. @throws BadRequest 400 as {@link historyRequest} does */
  async history({ type, id }: HistoryAddress, passage: Passage): Promise<Answer> {
    if (type !== undefined) assertClinical(type);
    if (type !== undefined && id !== undefined) assertResourceId(id, type);
    const path = [type, id].filter((segment) => segment !== undefined);
    const query = withoutPage(passage.request);
    const request = historyRequest(path, query, passage.method);
    const types = type === undefined ? [...RESOURCE_TYPES] : [type];
    return this.pass(request, query, passage, { kind: 'history', types, id });
  }

  private pass(
    request: UpstreamRequest,
    query: QueryParams,
    passage: Passage,
    expected: ExpectedBundle,
    criteria?: AskedCriteria,
  ): Promise<Answer> {
    const paged = { path: pathOf(request), query };
    const links = this.pages.links(paged, passage);
    const page = this.pages.asked(paged, passage);
    // The first page has said by what was searched; what a further one says of itself is its own business.
    const first = criteria === undefined ? expected : { ...expected, criteria };
    return page
      ? this.passing.pass(page, passage, { links, places: BUNDLE, expected })
      : this.passing.pass(request, passage, { links, places: BUNDLE, expected: first });
  }
}

function searchset(
  types: readonly string[],
  { included }: Pick<Search, 'included'>,
): ExpectedBundle {
  return { kind: 'searchset', types, included };
}

/** Where the request would be asked for with GET: a form is continued so, too. */
function pathOf({ path }: UpstreamRequest): string {
  const segments = path.at(-1) === '_search' ? path.slice(0, -1) : path;
  return segments.map((segment) => `/${segment}`).join('');
}
