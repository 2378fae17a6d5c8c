import { Injectable } from '@nestjs/common';
import { refusalOfRecord } from '../../fhir/everything/record-decisions.js';
import { searchedTypes } from '../../fhir/searched-types.js';
import { EntryAuthorizer } from '../../interactions/bundle/entry-authorizer.js';
import type { Answer } from '../../interactions/http/answer.js';
import { SearchDefinitions } from '../../interactions/search/definitions/search-definitions.js';
import { Pages, withoutPage } from '../paging/pages.js';
import type { Passage } from '../passing/passage.js';
import { Passing } from '../passing/passing.js';
import { BUNDLE } from '../rewriting/bundle-places.js';
import { everythingRequest, type OperationTarget } from './operation-requests.js';

/** A type, or a resource of it. */
type TypeTarget = OperationTarget & { readonly type: string };

/** `$everything`, whose answer is made of many types. */
@Injectable()
export class PassedEverything {
  constructor(
    private readonly definitions: SearchDefinitions,
    private readonly authorizer: EntryAuthorizer,
    private readonly pages: Pages,
    private readonly passing: Passing,
  ) {}

  /**
   * Everything of one resource, or of all of a type. Each type that may be in the answer is decided on its
   * own, as a search of the compartment where it is in one, else as a search of the type.
   *
   * @throws FhirError 403 where one of the types is not allowed; `_type` names fewer
   */
  async of(target: TypeTarget, passage: Passage): Promise<Answer> {
    const query = withoutPage(passage.request);
    const request = everythingRequest(target, query);
    const { definitions } = this;
    const named = query['_type'];
    const types = named === undefined ? definitions.types : searchedTypes(named, definitions);
    const decisions = this.authorizer.snapshot(passage.request);
    const refusal = await refusalOfRecord(target, types, definitions, decisions);
    if (refusal) throw refusal;
    const paged = { path: request.path.map((segment) => `/${segment}`).join(''), query };
    const links = this.pages.links(paged, passage);
    const asked = this.pages.asked(paged, passage) ?? request;
    return this.passing.pass(asked, passage, { links, places: BUNDLE });
  }
}
