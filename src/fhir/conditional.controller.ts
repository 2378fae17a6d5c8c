import { Controller, Delete, Param, Patch, Put } from '@nestjs/common';
import { ApiBasicAuth, ApiBearerAuth, ApiParam, ApiTags } from '@nestjs/swagger';
import type { Answer } from '../interactions/http/answer.js';
import {
  Interaction,
  Operation,
  requiredBody,
  type InteractionRequest,
} from '../interactions/http/interaction-request.js';
import { ConditionalInteractions } from './conditional-interactions.js';
import { Describes, DescribesPatch, TakesResource } from './described-interaction.js';

/** Writes that address a type: changes of the one resource that criteria pick. */
@ApiTags('FHIR')
@ApiBasicAuth()
@ApiBearerAuth()
@ApiParam({ name: 'type', description: 'An R4 resource type', example: 'Patient' })
@Controller('fhir/:type')
export class ConditionalController {
  constructor(private readonly conditional: ConditionalInteractions) {}

  @Put()
  @Operation('FhirConditionalUpdate')
  @Describes('Replace the one that matches, or create it', [200, 201], [404, 409, 412, 422])
  @TakesResource()
  async update(
    @Param('type') type: string,
    @Interaction() request: InteractionRequest,
  ): Promise<Answer> {
    requiredBody(request);
    return this.conditional.carryOut('PUT', type, request);
  }

  @Patch()
  @Operation('FhirConditionalPatch')
  @DescribesPatch('Patch the one that matches', [404, 412, 422])
  async patch(
    @Param('type') type: string,
    @Interaction() request: InteractionRequest,
  ): Promise<Answer> {
    requiredBody(request);
    return this.conditional.carryOut('PATCH', type, request);
  }

  @Delete()
  @Operation('FhirConditionalDelete')
  @Describes('Delete the one that matches', [200, 204], [404, 412])
  async delete(
    @Param('type') type: string,
    @Interaction() request: InteractionRequest,
  ): Promise<Answer> {
    return this.conditional.carryOut('DELETE', type, request);
  }
}
