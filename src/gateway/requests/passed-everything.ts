import { Injectable } from '@nestjs/common';
import { everythingParameters } from '../../fhir/everything/everything-request.js';
import { refusalOfRecord, type RecordOwner } from '../../fhir/everything/record-decisions.js';
import { searchedTypes } from '../../fhir/searched-types.js';
import type { FhirError } from '../../errors/fhir-error.js';
import {
  EntryAuthorizer,
  type EntryDecisions,
} from '../../interactions/bundle/entry-authorizer.js';
import type { Answer } from '../../interactions/http/answer.js';
import { SearchDefinitions } from '../../interactions/search/definitions/search-definitions.js';
import { GatewaySettings } from '../gateway-settings.js';
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
    private readonly settings: GatewaySettings,
  ) {}

  /**
   * Everything of one resource, or of all of a type.
   *
   * @throws NotFound 404 for other types than Patient and Encounter, BadRequest 400 for parameters that are
   * not understood
   * @throws FhirError 403 where one of the types is not allowed
   */
  async of(owner: RecordOwner, passage: Passage): Promise<Answer> {
    const { body } = passage.request;
    const parameters = everythingParameters(withoutPage(passage.request), body);
    const request = everythingRequest(owner, parameters);
    const decisions = this.authorizer.snapshot(passage.request);
    const types = this.decidedTypes(parameters['_type']);
    const refusal = await this.refusalOf(owner, types, decisions);
    if (refusal) throw refusal;
    const path = request.path.map((segment) => `/${segment}`).join('');
    const paged = { path, query: parameters };
    const links = this.pages.links(paged, passage);
    const asked = this.pages.asked(paged, passage) ?? request;
    const expected = { kind: 'searchset', types } as const;
    return this.passing.pass(asked, passage, { links, places: BUNDLE, expected });
  }

  /**
   * FHIR servers differ in what they answer: other types than `_type` names, resources of other patients that
   * the record refers to. Where the operator does not know better, only who may search all of every type may ask.
   */
  private refusalOf(
    owner: RecordOwner,
    types: readonly string[],
    decisions: EntryDecisions,
  ): Promise<FhirError | undefined> {
    const isWithin = this.settings.everything === 'compartment';
    const decided = isWithin ? owner : { type: owner.type };
    return refusalOfRecord(decided, types, this.definitions, decisions);
  }

  private decidedTypes(named: string | undefined): readonly string[] {
    const { definitions } = this;
    const types = named === undefined ? definitions.types : searchedTypes(named, definitions);
    return this.settings.everything === 'compartment' ? types : definitions.types;
  }
}
