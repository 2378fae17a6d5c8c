import { Controller, Delete, Get, Param, Patch, Put } from '@nestjs/common';
import { ApiBasicAuth, ApiBearerAuth, ApiParam, ApiTags } from '@nestjs/swagger';
import { Describes, DescribesPatch, TakesResource } from '../fhir/described-interaction.js';
import type { Answer } from '../interactions/http/answer.js';
import { Operation } from '../interactions/http/interaction-request.js';
import { addressedResource } from './checking/expected-answer.js';
import { Passes, type Passage } from './passing/passage.js';
import { Passing } from './passing/passing.js';
import { checkPreconditions } from './requests/checked-preconditions.js';
import {
  deleteRequest,
  patchRequest,
  readRequest,
  updateRequest,
  type Address,
} from './requests/instance-requests.js';
import { UpstreamLookup } from './requests/upstream-lookup.js';
import { ResourceLinks } from './rewriting/resource-links.js';
import type { UpstreamRequest } from './upstream/upstream.js';

const ID = { name: 'id', example: 'p1' };

/** FHIR's interactions on one resource, which the upstream holds; as the built-in store has them. */
@ApiTags('FHIR')
@ApiBasicAuth()
@ApiBearerAuth()
@ApiParam({ name: 'type', description: 'An R4 resource type', example: 'Patient' })
@Controller('fhir/:type')
export class InstanceController {
  constructor(
    private readonly passing: Passing,
    private readonly links: ResourceLinks,
    private readonly lookup: UpstreamLookup,
  ) {}

  @Get(':id')
  @Operation('FhirRead')
  @ApiParam(ID)
  @Describes('Read', [200, 304], [404, 410])
  read(
    @Param('type') type: string,
    @Param('id') id: string,
    @Passes() passage: Passage,
  ): Promise<Answer> {
    return this.passResource(readRequest({ type, id }, passage), passage);
  }

  @Get(':id/_history/:vid')
  @Operation('FhirVread')
  @ApiParam(ID)
  @ApiParam({ name: 'vid', example: '1' })
  @Describes('Read one version', [200], [404, 410])
  vread(
    @Param('type') type: string,
    @Param('id') id: string,
    @Param('vid') vid: string,
    @Passes() passage: Passage,
  ): Promise<Answer> {
    return this.passResource(readRequest({ type, id }, passage, vid), passage);
  }

  @Put(':id')
  @Operation('FhirUpdate')
  @Describes('Create or replace', [200, 201], [404, 412, 422])
  @ApiParam(ID)
  @TakesResource({ id: ID.example })
  update(
    @Param('type') type: string,
    @Param('id') id: string,
    @Passes() passage: Passage,
  ): Promise<Answer> {
    return this.passWrite({ type, id }, updateRequest({ type, id }, passage.request), passage);
  }

  @Patch(':id')
  @Operation('FhirPatch')
  @DescribesPatch('Change by JSON Patch, Merge Patch or FHIRPath Patch', [404, 410, 412, 422])
  @ApiParam(ID)
  patch(
    @Param('type') type: string,
    @Param('id') id: string,
    @Passes() passage: Passage,
  ): Promise<Answer> {
    return this.passWrite({ type, id }, patchRequest({ type, id }, passage.request), passage);
  }

  @Delete(':id')
  @Operation('FhirDelete')
  @ApiParam(ID)
  @Describes('Delete', [200, 204], [404, 412])
  delete(
    @Param('type') type: string,
    @Param('id') id: string,
    @Passes() passage: Passage,
  ): Promise<Answer> {
    return this.passWrite({ type, id }, deleteRequest({ type, id }, passage.request), passage);
  }

  private async passWrite(
    address: Address,
    request: UpstreamRequest,
    passage: Passage,
  ): Promise<Answer> {
    const { method } = request;
    const lookup = this.lookup.for(passage);
    await checkPreconditions({ ...address, method }, passage.request, lookup);
    return this.passResource(request, passage);
  }

  private passResource(request: UpstreamRequest, passage: Passage): Promise<Answer> {
    const expected = addressedResource(request);
    return this.passing.pass(request, passage, { links: this.links, expected });
  }
}
