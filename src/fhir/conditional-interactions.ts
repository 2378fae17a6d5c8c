import { Injectable } from '@nestjs/common';
import { BundleProcessor } from '../interactions/bundle/bundle-processor.js';
import { BundleTypes } from '../interactions/bundle/bundle-types.js';
import {
  conditionalAnswer,
  conditionalEntry,
  type ConditionalMethod,
} from '../interactions/bundle/conditional-entry.js';
import { EntryAuthorizer } from '../interactions/bundle/entry-authorizer.js';
import type { Answer } from '../interactions/http/answer.js';
import type { InteractionRequest } from '../interactions/http/interaction-request.js';
import { Deadline } from '../interactions/load/deadline.js';
import { ClinicalService } from './clinical.service.js';
import { FhirSettings } from './fhir-settings.js';

/** Writes of the resource that criteria pick, carried out like the entry of a Bundle that they would be. */
@Injectable()
export class ConditionalInteractions {
  constructor(
    private readonly clinical: ClinicalService,
    private readonly types: BundleTypes,
    private readonly bundles: BundleProcessor,
    private readonly authorizer: EntryAuthorizer,
    private readonly settings: FhirSettings,
  ) {}

  /**
   * @param ifNoneExist the criteria of a create; those of the others are in the query
   * @throws FhirError as the interaction does, 404 for what is no clinical type
   */
  async carryOut(
    method: ConditionalMethod,
    name: string,
    request: InteractionRequest,
    ifNoneExist?: string,
  ): Promise<Answer> {
    // Clinical types only: what is missing among the routes of the others must not be served here.
    const { type: known } = this.clinical.of(name);
    const type = this.types.find(known);
    if (!type) throw new Error(`${known} is served and cannot be addressed`);
    const entry = conditionalEntry(method, type, request, ifNoneExist);
    const { body, prefer } = request;
    const decisions = this.authorizer.snapshot(request);
    const deadline = new Deadline(this.settings.bundleTimeoutMs);
    const options = { requester: request, prefer, takenIds: 'refused', deadline } as const;
    const content = method === 'DELETE' ? undefined : body;
    const response = await this.bundles.single(entry, content, decisions, options);
    return conditionalAnswer(response, prefer);
  }
}
