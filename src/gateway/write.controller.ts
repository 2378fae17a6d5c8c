import { Controller, Delete, Headers, HttpCode, Param, Patch, Post, Put } from '@nestjs/common';
import { ApiBasicAuth, ApiBearerAuth, ApiHeader, ApiParam, ApiTags } from '@nestjs/swagger';
import { Describes, DescribesPatch, TakesResource } from '../fhir/described-interaction.js';
import type { Answer } from '../interactions/http/answer.js';
import { Operation, requiredBody } from '../interactions/http/interaction-request.js';
import { refuseUnusedParameters } from '../interactions/http/unused-parameters.js';
import { addressedResource } from './checking/expected-answer.js';
import { Passes, type Passage } from './passing/passage.js';
import { Passing } from './passing/passing.js';
import { createRequest } from './requests/instance-requests.js';
import { PassedWrites } from './requests/passed-writes.js';
import { ResourceLinks } from './rewriting/resource-links.js';

/** Creates, and changes of what criteria pick, for the upstream; on the routes of the built-in store's. */
@ApiTags('FHIR')
@ApiBasicAuth()
@ApiBearerAuth()
@ApiParam({ name: 'type', description: 'An R4 resource type', example: 'Patient' })
@Controller('fhir/:type')
export class PassedWriteController {
  constructor(
    private readonly writes: PassedWrites,
    private readonly passing: Passing,
    private readonly links: ResourceLinks,
  ) {}

  @Post()
  @HttpCode(201)
  @Operation('FhirCreate')
  @Describes('Create, with If-None-Exist only if nothing matches', [200, 201], [404, 409, 412, 422])
  @ApiHeader({ name: 'If-None-Exist', required: false, description: 'identifier=urn:x|1' })
  @TakesResource()
  create(
    @Param('type') type: string,
    @Passes() passage: Passage,
    @Headers('if-none-exist') ifNoneExist?: string,
  ): Promise<Answer> {
    const { request } = passage;
    refuseUnusedParameters(request.query);
    requiredBody(request);
    if (ifNoneExist !== undefined) {
      return this.writes.carryOut('POST', type, passage, ifNoneExist);
    }
    const created = createRequest(type, request);
    const expected = addressedResource(created);
    return this.passing.pass(created, passage, { links: this.links, expected });
  }

  @Put()
  @Operation('FhirConditionalUpdate')
  @Describes('Replace the one that matches, or create it', [200, 201], [404, 409, 412, 422])
  @TakesResource()
  update(@Param('type') type: string, @Passes() passage: Passage): Promise<Answer> {
    requiredBody(passage.request);
    return this.writes.carryOut('PUT', type, passage);
  }

  @Patch()
  @Operation('FhirConditionalPatch')
  @DescribesPatch('Patch the one that matches', [404, 412, 422])
  patch(@Param('type') type: string, @Passes() passage: Passage): Promise<Answer> {
    requiredBody(passage.request);
    return this.writes.carryOut('PATCH', type, passage);
  }

  @Delete()
  @Operation('FhirConditionalDelete')
  @Describes('Delete the one that matches', [200, 204], [404, 412])
  delete(@Param('type') type: string, @Passes() passage: Passage): Promise<Answer> {
    return this.writes.carryOut('DELETE', type, passage);
  }
}
