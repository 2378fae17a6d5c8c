import { Injectable } from '@nestjs/common';
import { everythingParameters } from '../../fhir/everything/everything-request.js';
import { refusalOfRecord, type RecordOwner } from '../../fhir/everything/record-decisions.js';
import { searchedTypes } from '../../fhir/searched-types.js';
import { EntryAuthorizer } from '../../interactions/bundle/entry-authorizer.js';
import type { Answer } from '../../interactions/http/answer.js';
import { SearchDefinitions } from '../../interactions/search/definitions/search-definitions.js';
import { Pages, withoutPage } from '../paging/pages.js';
import type { Passage } from '../passing/passage.js';
import { Passing } from '../passing/passing.js';
import { BUNDLE } from '../rewriting/bundle-places.js';
import { everythingRequest } from './operation-requests.js';

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
   * Everything of one resource, or of all of a type, decided as the built-in store's.
   *
   * @throws NotFound 404 for other types than Patient and Encounter, BadRequest 400 for parameters that are
   * not understood
   * @throws FhirError 403 where one of the types is not allowed; `_type` names fewer
   */
  async of(owner: RecordOwner, passage: Passage): Promise<Answer> {
    const { definitions } = this;
    const { body } = passage.request;
    const parameters = everythingParameters(withoutPage(passage.request), body);
    const request = everythingRequest(owner, parameters);
    const { _type: named } = parameters;
    const types = named === undefined ? definitions.types : searchedTypes(named, definitions);
    const decisions = this.authorizer.snapshot(passage.request);
    const refusal = await refusalOfRecord(owner, types, definitions, decisions);
    if (refusal) throw refusal;
    const path = request.path.map((segment) => `/${segment}`).join('');
    const paged = { path, query: parameters };
    const links = this.pages.links(paged, passage);
    const asked = this.pages.asked(paged, passage) ?? request;
    return this.passing.pass(asked, passage, { links, places: BUNDLE });
  }
}
