import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import {
  ApiBasicAuth,
  ApiBearerAuth,
  ApiBody,
  ApiConsumes,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { Describes, DescribesBundle, TakesResource } from '../fhir/described-interaction.js';
import { readValidationRequest } from '../fhir/validation/validation-request.js';
import type { Answer } from '../interactions/http/answer.js';
import { Operation, requiredBody } from '../interactions/http/interaction-request.js';
import { GatewaySettings } from './gateway-settings.js';
import { Passes, type Passage } from './passing/passage.js';
import { Passing } from './passing/passing.js';
import {
  operationRequest,
  validateRequest,
  type OperationTarget,
} from './requests/operation-requests.js';
import { PassedEverything } from './requests/passed-everything.js';
import { ResourceLinks } from './rewriting/resource-links.js';

const TYPE = { name: 'type', description: 'An R4 resource type', example: 'Patient' };
const ID = { name: 'id', example: 'p1' };
const OPERATION = { name: 'operation', description: 'Without $', example: 'lastn' };

/** Operations of the upstream. Those that are not named here need WARDGATE_UPSTREAM_OPERATIONS to be known. */
@ApiTags('FHIR')
@ApiBasicAuth()
@ApiBearerAuth()
@Controller('fhir')
export class PassedOperationController {
  constructor(
    private readonly everythings: PassedEverything,
    private readonly passing: Passing,
    private readonly links: ResourceLinks,
    private readonly settings: GatewaySettings,
  ) {}

  @Get(':type/:id/$everything')
  @Operation('FhirEverything')
  @ApiParam(TYPE)
  @ApiParam(ID)
  @DescribesBundle('Everything of a patient or an encounter', [404])
  everything(
    @Param('type') type: string,
    @Param('id') id: string,
    @Passes() passage: Passage,
  ): Promise<Answer> {
    return this.everythings.of({ type, id }, passage);
  }

  @Post(':type/:id/$everything')
  @HttpCode(200)
  @Operation('FhirEverything')
  @ApiParam(TYPE)
  @ApiParam(ID)
  @DescribesBundle('Everything of a patient or an encounter, by Parameters', [404])
  @ApiConsumes('application/fhir+json', 'application/json', 'text/yaml')
  @ApiBody({ required: false, schema: { type: 'object' } })
  everythingByParameters(
    @Param('type') type: string,
    @Param('id') id: string,
    @Passes() passage: Passage,
  ): Promise<Answer> {
    return this.everythings.of({ type, id }, passage);
  }

  @Get(':type/$everything')
  @Operation('FhirEverything')
  @ApiParam(TYPE)
  @DescribesBundle('Everything of all patients or encounters', [404])
  everythingOfAll(@Param('type') type: string, @Passes() passage: Passage): Promise<Answer> {
    return this.everythings.of({ type }, passage);
  }

  @Post(':type/$validate')
  @HttpCode(200)
  @Operation('FhirValidate')
  @ApiParam(TYPE)
  @Describes('Validate; answers an OperationOutcome', [200], [404])
  @TakesResource()
  validate(@Param('type') type: string, @Passes() passage: Passage): Promise<Answer> {
    return this.passValidation({ type }, passage);
  }

  @Post(':type/:id/$validate')
  @HttpCode(200)
  @Operation('FhirValidate')
  @ApiParam(TYPE)
  @ApiParam(ID)
  @Describes('Validate what would replace a resource', [200], [404])
  @TakesResource({ id: 'p1' })
  validateUpdate(
    @Param('type') type: string,
    @Param('id') id: string,
    @Passes() passage: Passage,
  ): Promise<Answer> {
    return this.passValidation({ type, id }, passage);
  }

  @Get(':type/:id/$:operation')
  @Operation('FhirOperation')
  @ApiParam(TYPE)
  @ApiParam(ID)
  @ApiParam(OPERATION)
  @Describes('Another operation on a resource', [200], [404])
  getOfResource(
    @Param('type') type: string,
    @Param('id') id: string,
    @Param('operation') name: string,
    @Passes() passage: Passage,
  ): Promise<Answer> {
    return this.passOperation('GET', { type, id }, name, passage);
  }

  @Post(':type/:id/$:operation')
  @HttpCode(200)
  @Operation('FhirOperation')
  @ApiParam(TYPE)
  @ApiParam(ID)
  @ApiParam(OPERATION)
  @Describes('Another operation on a resource', [200], [404])
  @ApiConsumes('application/fhir+json', 'application/json', 'text/yaml')
  @ApiBody({ schema: { type: 'object' } })
  postOfResource(
    @Param('type') type: string,
    @Param('id') id: string,
    @Param('operation') name: string,
    @Passes() passage: Passage,
  ): Promise<Answer> {
    return this.passOperation('POST', { type, id }, name, passage);
  }

  @Get(':type/$:operation')
  @Operation('FhirOperation')
  @ApiParam(TYPE)
  @ApiParam(OPERATION)
  @Describes('Another operation on a type', [200], [404])
  getOfType(
    @Param('type') type: string,
    @Param('operation') name: string,
    @Passes() passage: Passage,
  ): Promise<Answer> {
    return this.passOperation('GET', { type }, name, passage);
  }

  @Post(':type/$:operation')
  @HttpCode(200)
  @Operation('FhirOperation')
  @ApiParam(TYPE)
  @ApiParam(OPERATION)
  @Describes('Another operation on a type', [200], [404])
  @ApiConsumes('application/fhir+json', 'application/json', 'text/yaml')
  @ApiBody({ schema: { type: 'object' } })
  postOfType(
    @Param('type') type: string,
    @Param('operation') name: string,
    @Passes() passage: Passage,
  ): Promise<Answer> {
    return this.passOperation('POST', { type }, name, passage);
  }

  private passValidation(target: OperationTarget, passage: Passage): Promise<Answer> {
    const { request } = passage;
    readValidationRequest(requiredBody(request), request.query, target.type ?? '');
    return this.passing.pass(validateRequest(target, request), passage, {
      links: this.links,
      expected: { kind: 'resource', type: 'OperationOutcome' },
    });
  }

  private passOperation(
    method: 'GET' | 'POST',
    target: OperationTarget,
    name: string,
    passage: Passage,
  ): Promise<Answer> {
    const { operations } = this.settings;
    const request = operationRequest(target, name, passage.request, method, operations);
    // Its answer may be any resource, a Bundle that somebody has stored among them: none of its links is ours.
    return this.passing.pass(request, passage, { links: this.links });
  }
}
