import { Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBasicAuth, ApiBearerAuth, ApiParam, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Answer } from '../interactions/http/answer.js';
import {
  Interaction,
  Operation,
  requiredBody,
  type InteractionRequest,
} from '../interactions/http/interaction-request.js';
import { ClinicalService } from './clinical.service.js';
import { Describes, TakesResource } from './described-interaction.js';
import { validateResource } from './validation/validate-resource.js';
import { readValidationRequest } from './validation/validation-request.js';

const MODE = { name: 'mode', required: false, enum: ['create', 'update', 'profile'] };
const PROFILE = { name: 'profile', required: false, description: 'Canonical URL' };

/** FHIR's operation `$validate`: what a write would be refused for, without the write. */
@ApiTags('FHIR')
@ApiBasicAuth()
@ApiBearerAuth()
@ApiParam({ name: 'type', description: 'An R4 resource type', example: 'Patient' })
@ApiQuery(MODE)
@ApiQuery(PROFILE)
@Controller('fhir/:type')
export class ValidationController {
  constructor(private readonly clinical: ClinicalService) {}

  @Post('$validate')
  @HttpCode(200)
  @Operation('FhirValidate')
  @Describes('Validate; answers an OperationOutcome', [200], [404])
  @TakesResource()
  validate(
    @Param('type') type: string,
    @Interaction() request: InteractionRequest,
  ): Promise<Answer> {
    return this.answer(type, undefined, request);
  }

  @Post(':id/$validate')
  @HttpCode(200)
  @Operation('FhirValidate')
  @ApiParam({ name: 'id', example: 'p1' })
  @Describes('Validate what would replace a resource', [200], [404])
  @TakesResource({ id: 'p1' })
  validateUpdate(
    @Param('type') type: string,
    @Param('id') id: string,
    @Interaction() request: InteractionRequest,
  ): Promise<Answer> {
    return this.answer(type, id, request);
  }

  private async answer(
    type: string,
    id: string | undefined,
    request: InteractionRequest,
  ): Promise<Answer> {
    const interactions = this.clinical.of(type);
    const asked = readValidationRequest(requiredBody(request), request.query, type);
    return validateResource(asked, id, interactions);
  }
}
