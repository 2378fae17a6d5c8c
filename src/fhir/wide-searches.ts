import { Injectable } from '@nestjs/common';
import { EntryAuthorizer } from '../interactions/bundle/entry-authorizer.js';
import { assertInlineAllowed, refusalOfSearches } from '../interactions/bundle/inline-searches.js';
import type { Answer } from '../interactions/http/answer.js';
import type { InteractionRequest } from '../interactions/http/interaction-request.js';
import { searchAnswer } from '../interactions/http/search-answer.js';
import { SearchDefinitions } from '../interactions/search/definitions/search-definitions.js';
import { ClinicalSearches } from '../interactions/search/query/clinical-searches.js';
import type { Compartment } from '../interactions/search/query/compartment.js';
import type { Search } from '../interactions/search/search-query.js';
import { FhirSettings } from './fhir-settings.js';
import { assertCompartment, searchedTypes } from './searched-types.js';

/** Searches of several clinical types, and of a type within a compartment; never of system resources. */
@Injectable()
export class WideSearches {
  constructor(
    private readonly searches: ClinicalSearches,
    private readonly definitions: SearchDefinitions,
    private readonly authorizer: EntryAuthorizer,
    private readonly settings: FhirSettings,
  ) {}

  /**
   * Searches the types that `_type` names, each of which the caller must be allowed to search so.
   *
   * @throws BadRequest 400 without `_type`, and for a type that is not served here
   * @throws FhirError 403 where one of the types is not allowed
   */
  async ofTypes(request: InteractionRequest): Promise<Answer> {
    const { _type: given, ...query } = request.query;
    const types = searchedTypes(given, this.definitions);
    const search = this.searches.parse(query, types);
    const decisions = this.authorizer.snapshot(request);
    const asked = types.map((type) => ({ type, query }));
    const refusal = await refusalOfSearches(asked, decisions);
    if (refusal) throw refusal;
    await assertInlineAllowed(search, decisions);
    return this.answer(search, request, '');
  }

  /**
   * Searches a type among what belongs to one resource (FHIR R4, RESTful API §3.1.0.9.2).
   *
   * @throws NotFound 404 where there is no such compartment or type
   * @throws BadRequest 400 where resources of the type are never in it
   */
  async inCompartment(
    { type, id }: Compartment,
    member: string,
    request: InteractionRequest,
  ): Promise<Answer> {
    assertCompartment({ type, id }, member, this.definitions);
    const search = this.searches.parse(request.query, [member], { type, id });
    await assertInlineAllowed(search, this.authorizer.snapshot(request));
    return this.answer(search, request, `/${type}/${id}/${member}`);
  }

  private async answer(
    search: Search,
    { query }: InteractionRequest,
    path: string,
  ): Promise<Answer> {
    const page = await search.run();
    const texts = page.matches.map(({ text }) => text);
    return searchAnswer(page, texts, query, { base: `${this.settings.baseUrl}/fhir`, path });
  }
}
