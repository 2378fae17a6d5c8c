import { Injectable } from '@nestjs/common';
import { NotFound } from '../../errors/fhir-error.js';
import { EntryAuthorizer } from '../../interactions/bundle/entry-authorizer.js';
import type { Answer } from '../../interactions/http/answer.js';
import type { InteractionRequest } from '../../interactions/http/interaction-request.js';
import { searchAnswer } from '../../interactions/http/search-answer.js';
import { SearchDefinitions } from '../../interactions/search/definitions/search-definitions.js';
import { parseCount } from '../../interactions/search/parse-search.js';
import { ClinicalSearches } from '../../interactions/search/query/clinical-searches.js';
import { ClinicalService } from '../clinical.service.js';
import { FhirSettings } from '../fhir-settings.js';
import { searchedTypes } from '../searched-types.js';
import { everythingParameters } from './everything-request.js';
import { refusalOfRecord } from './record-decisions.js';

/** Answers the whole record of a patient, to those who may search every type in it. */
@Injectable()
export class PatientRecord {
  constructor(
    private readonly clinical: ClinicalService,
    private readonly searches: ClinicalSearches,
    private readonly definitions: SearchDefinitions,
    private readonly authorizer: EntryAuthorizer,
    private readonly settings: FhirSettings,
  ) {}

  /**
   * @param type of the route; patients are the only ones who have a record
   * @throws BadRequest 400 for parameters that are not understood
   * @throws FhirError 403 where the caller may not search one of the types, 404 and 410 without the patient
   */
  async of(type: string, id: string, request: InteractionRequest): Promise<Answer> {
    if (type !== 'Patient') throw new NotFound('There is no such route, or not with this method');
    const parameters = everythingParameters(request.query, request.body);
    const { start, end, _since: since, _type: named, _count: count, _after: after } = parameters;
    const { definitions } = this;
    const types = named === undefined ? definitions.types : searchedTypes(named, definitions);
    const search = this.searches.everything(id, {
      ...{ types, start, end, since, after },
      count: count === undefined ? undefined : parseCount(count),
    });
    const decisions = this.authorizer.snapshot(request);
    const refusal = await refusalOfRecord({ type, id }, types, definitions, decisions);
    if (refusal) throw refusal;
    await this.clinical.of(type).read(id);
    const page = await search.run();
    const texts = page.matches.map(({ text }) => text);
    const path = `/${type}/${id}/$everything`;
    return searchAnswer(page, texts, parameters, { base: `${this.settings.baseUrl}/fhir`, path });
  }
}
