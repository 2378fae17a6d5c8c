import { Injectable } from '@nestjs/common';
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
import type { Compartment } from '../../interactions/search/query/compartment.js';
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
    return this.pass(searchRequest([type], sent, passage.method), query, passage);
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
    const sent = { _type: types.join(','), ...this.addresses.query(rest, types) };
    return this.pass(searchRequest([], sent, passage.method), query, passage);
  }

  /** As {@link ofType}, of what is in a compartment. */
  async inCompartment(compartment: Compartment, member: string, passage: Passage): Promise<Answer> {
    assertCompartment(compartment, member, this.addresses.definitions);
    const query = withoutPage(passage.request);
    const search = this.searches.parse(query, [member], compartment);
    await assertInlineAllowed(search, this.authorizer.snapshot(passage.request));
    const path = [compartment.type, compartment.id, member];
    const sent = this.addresses.query(query, [member]);
    return this.pass(searchRequest(path, sent, passage.method), query, passage);
  }

  /** A history, decided by its operation alone. @throws BadRequest 400 as {@link historyRequest} does */
  async history({ type, id }: HistoryAddress, passage: Passage): Promise<Answer> {
    if (type !== undefined) assertClinical(type);
    if (type !== undefined && id !== undefined) assertResourceId(id, type);
    const path = [type, id].filter((segment) => segment !== undefined);
    const query = withoutPage(passage.request);
    return this.pass(historyRequest(path, query, passage.method), query, passage);
  }

  private pass(request: UpstreamRequest, query: QueryParams, passage: Passage): Promise<Answer> {
    const paged = { path: pathOf(request), query };
    const links = this.pages.links(paged, passage);
    const asked = this.pages.asked(paged, passage) ?? request;
    // The answer to a HEAD has nothing to be read.
    if (passage.method === 'HEAD') return this.passing.pass(asked, passage, { links });
    return this.passing.pass(asked, passage, { links, places: BUNDLE });
  }
}

/** Where the request would be asked for with GET: a form is continued so, too. */
function pathOf({ path }: UpstreamRequest): string {
  const segments = path.at(-1) === '_search' ? path.slice(0, -1) : path;
  return segments.map((segment) => `/${segment}`).join('');
}
