import { Controller, Delete, Get, Headers, Param, Patch, Post, Put } from '@nestjs/common';
import {
  ApiBasicAuth,
  ApiBearerAuth,
  ApiHeader,
  ApiParam,
  ApiQuery,
  ApiTags,
} from '@nestjs/swagger';
import { EntryAuthorizer } from '../interactions/bundle/entry-authorizer.js';
import { assertInlineAllowed } from '../interactions/bundle/inline-searches.js';
import type { Answer } from '../interactions/http/answer.js';
import { assertFormOnly } from '../interactions/http/form-only.js';
import {
  Interaction,
  Operation,
  requiredBody,
  type InteractionRequest,
} from '../interactions/http/interaction-request.js';
import { refuseUnusedParameters } from '../interactions/http/unused-parameters.js';
import { ClinicalService } from './clinical.service.js';
import { ConditionalInteractions } from './conditional-interactions.js';
import {
  Describes,
  DescribesBundle,
  DescribesPatch,
  TakesResource,
} from './described-interaction.js';
import { TakesForm } from './described-search.js';

const ID = { name: 'id', example: 'p1' };

/** FHIR's RESTful API on every R4 type. */
@ApiTags('FHIR')
@ApiBasicAuth()
@ApiBearerAuth()
@ApiParam({ name: 'type', description: 'An R4 resource type', example: 'Patient' })
@Controller('fhir/:type')
export class ClinicalController {
  constructor(
    private readonly clinical: ClinicalService,
    private readonly authorizer: EntryAuthorizer,
    private readonly conditional: ConditionalInteractions,
  ) {}

  @Get()
  @Operation('FhirSearch')
  @DescribesBundle('Search', [404])
  @ApiQuery({ name: '_id', required: false, description: 'One id, or several: a,b' })
  @ApiQuery({ name: 'identifier', required: false, description: '[system|]value' })
  @ApiQuery({ name: '_lastUpdated', required: false, description: 'Such as ge2024-01-01' })
  @ApiQuery({ name: '_count', required: false, description: 'Entries on a page' })
  async search(
    @Param('type') type: string,
    @Interaction() request: InteractionRequest,
  ): Promise<Answer> {
    const interactions = this.clinical.of(type);
    const search = interactions.parseSearch(request.query);
    await assertInlineAllowed(search, this.authorizer.snapshot(request));
    return interactions.answers.search(request.query, search);
  }

  @Post('_search')
  @Operation('FhirSearch')
  @DescribesBundle('Search by a form', [404])
  @TakesForm()
  async searchByForm(
    @Param('type') type: string,
    @Interaction() request: InteractionRequest,
  ): Promise<Answer> {
    assertFormOnly(request);
    return this.search(type, request);
  }

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
    if (ifNoneExist !== undefined)
      return this.conditional.carryOut('POST', type, request, ifNoneExist);
    const written = await interactions.create(body, request);
    return interactions.answers.written(written, request.prefer);
  }

  @Get('_history')
  @Operation('FhirHistoryType')
  @DescribesBundle('History of the type', [404])
  async typeHistory(
    @Param('type') type: string,
    @Interaction() request: InteractionRequest,
  ): Promise<Answer> {
    return this.clinical.of(type).answers.history(undefined, request.query);
  }

  @Get(':id')
  @Operation('FhirRead')
  @ApiParam(ID)
  @Describes('Read', [200, 304], [404, 410])
  async read(
    @Param('type') type: string,
    @Param('id') id: string,
    @Interaction() request: InteractionRequest,
  ): Promise<Answer> {
    const interactions = this.clinical.of(type);
    refuseUnusedParameters(request.query);
    return interactions.answers.read(await interactions.read(id), request);
  }

  @Put(':id')
  @Operation('FhirUpdate')
  @Describes('Create or replace', [200, 201], [404, 412, 422])
  @ApiParam(ID)
  @TakesResource({ id: ID.example })
  async update(
    @Param('type') type: string,
    @Param('id') id: string,
    @Interaction() request: InteractionRequest,
  ): Promise<Answer> {
    const interactions = this.clinical.of(type);
    refuseUnusedParameters(request.query);
    const written = await interactions.update(id, requiredBody(request), request, request);
    return interactions.answers.written(written, request.prefer);
  }

  @Patch(':id')
  @Operation('FhirPatch')
  @DescribesPatch('Change by JSON Patch, Merge Patch or FHIRPath Patch', [404, 410, 412, 422])
  @ApiParam(ID)
  async patch(
    @Param('type') type: string,
    @Param('id') id: string,
    @Interaction() request: InteractionRequest,
  ): Promise<Answer> {
    const interactions = this.clinical.of(type);
    refuseUnusedParameters(request.query);
    const written = await interactions.patch(id, requiredBody(request), request, request);
    return interactions.answers.written(written, request.prefer);
  }

  @Delete(':id')
  @Operation('FhirDelete')
  @ApiParam(ID)
  @Describes('Delete', [200, 204], [404, 412])
  async delete(
    @Param('type') type: string,
    @Param('id') id: string,
    @Interaction() request: InteractionRequest,
  ): Promise<Answer> {
    const interactions = this.clinical.of(type);
    refuseUnusedParameters(request.query);
    const removed = await interactions.remove(id, request, request);
    return interactions.answers.removed(removed, request.prefer);
  }

  @Get(':id/_history')
  @Operation('FhirHistory')
  @ApiParam(ID)
  @DescribesBundle('History of one resource', [404])
  async history(
    @Param('type') type: string,
    @Param('id') id: string,
    @Interaction() request: InteractionRequest,
  ): Promise<Answer> {
    return this.clinical.of(type).answers.history(id, request.query);
  }

  @Get(':id/_history/:vid')
  @Operation('FhirVread')
  @ApiParam(ID)
  @ApiParam({ name: 'vid', example: '1' })
  @Describes('Read one version', [200], [404, 410])
  async vread(
    @Param('type') type: string,
    @Param('id') id: string,
    @Param('vid') vid: string,
    @Interaction() request: InteractionRequest,
  ): Promise<Answer> {
    const interactions = this.clinical.of(type);
    refuseUnusedParameters(request.query);
    return interactions.answers.vread(await interactions.vread(id, vid));
  }
}
