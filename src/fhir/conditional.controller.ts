import { Controller, Delete, Headers, Param, Patch, Post, Put } from '@nestjs/common';
import { ApiBasicAuth, ApiBearerAuth, ApiHeader, ApiParam, ApiTags } from '@nestjs/swagger';
import { BundleProcessor } from '../interactions/bundle/bundle-processor.js';
import { BundleTypes } from '../interactions/bundle/bundle-types.js';
import {
  conditionalAnswer,
  conditionalEntry,
  type ConditionalMethod,
} from '../interactions/bundle/conditional-entry.js';
import { EntryAuthorizer } from '../interactions/bundle/entry-authorizer.js';
import type { Answer } from '../interactions/http/answer.js';
import {
  Interaction,
  Operation,
  requiredBody,
  type InteractionRequest,
} from '../interactions/http/interaction-request.js';
import { refuseUnusedParameters } from '../interactions/http/unused-parameters.js';
import { Deadline } from '../interactions/load/deadline.js';
import { ClinicalService } from './clinical.service.js';
import { Describes, DescribesPatch, TakesResource } from './described-interaction.js';
import { FhirSettings } from './fhir-settings.js';

/** Writes that address a type: the creation of a resource, and changes of the one that criteria pick. */
@ApiTags('FHIR')
@ApiBasicAuth()
@ApiBearerAuth()
@ApiParam({ name: 'type', description: 'An R4 resource type', example: 'Patient' })
@Controller('fhir/:type')
export class ConditionalController {
  constructor(
    private readonly clinical: ClinicalService,
    private readonly types: BundleTypes,
    private readonly bundles: BundleProcessor,
    private readonly authorizer: EntryAuthorizer,
    private readonly settings: FhirSettings,
  ) {}

  @Post()
  @Operation('FhirCreate')
  @Describes('Create, with If-None-Exist only if nothing matches', [200, 201], [404, 409, 412, 422])
  @ApiHeader({ name: 'If-None-Exist', required: false, description: 'identifier=urn:x|1' })
  @TakesResource()
  async create(
    @Param('type') type: string,
    @Interaction() request: InteractionRequest,
    @Headers('if-none-exist') ifNoneExist?: string,
  ): Promise<Answer> {
    const interactions = this.clinical.of(type);
    refuseUnusedParameters(request.query);
    const body = requiredBody(request);
    if (ifNoneExist !== undefined) return this.carryOut('POST', type, request, ifNoneExist);
    const written = await interactions.create(body, request);
    return interactions.answers.written(written, request.prefer);
  }

  @Put()
  @Operation('FhirConditionalUpdate')
  @Describes('Replace the one that matches, or create it', [200, 201], [404, 409, 412, 422])
  @TakesResource()
  async update(
    @Param('type') type: string,
    @Interaction() request: InteractionRequest,
  ): Promise<Answer> {
    requiredBody(request);
    return this.carryOut('PUT', type, request);
  }

  @Patch()
  @Operation('FhirConditionalPatch')
  @DescribesPatch('Patch the one that matches', [404, 412, 422])
  async patch(
    @Param('type') type: string,
    @Interaction() request: InteractionRequest,
  ): Promise<Answer> {
    requiredBody(request);
    return this.carryOut('PATCH', type, request);
  }

  @Delete()
  @Operation('FhirConditionalDelete')
  @Describes('Delete the one that matches', [200, 204], [404, 412])
  async delete(
    @Param('type') type: string,
    @Interaction() request: InteractionRequest,
  ): Promise<Answer> {
    return this.carryOut('DELETE', type, request);
  }

  private async carryOut(
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
