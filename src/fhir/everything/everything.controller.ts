import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import {
  ApiBasicAuth,
  ApiBearerAuth,
  ApiBody,
  ApiConsumes,
  ApiParam,
  ApiQuery,
  ApiTags,
} from '@nestjs/swagger';
import type { Answer } from '../../interactions/http/answer.js';
import {
  Interaction,
  Operation,
  type InteractionRequest,
} from '../../interactions/http/interaction-request.js';
import { DescribesBundle } from '../described-interaction.js';
import { PatientRecord } from './patient-record.js';

const START = { name: 'start', required: false, description: 'Care from this date on' };
const END = { name: 'end', required: false, description: 'Care until this date' };
const SINCE = { name: '_since', required: false, description: 'Written after this moment' };
const TYPE = {
  name: '_type',
  required: false,
  description: 'Types to answer: Observation,Patient',
};
const COUNT = { name: '_count', required: false, description: 'Matches on a page' };
const EXAMPLE = {
  resourceType: 'Parameters',
  parameter: [{ name: 'start', valueDate: '2024-01-01' }],
};

/** FHIR's operation `$everything`: the record of a patient. */
@ApiTags('FHIR')
@ApiBasicAuth()
@ApiBearerAuth()
@ApiParam({ name: 'type', description: 'Patient', example: 'Patient' })
@ApiParam({ name: 'id', example: 'p1' })
@Controller('fhir/:type/:id/$everything')
export class EverythingController {
  constructor(private readonly record: PatientRecord) {}

  @Get()
  @Operation('FhirEverything')
  @DescribesBundle('The record of a patient', [404, 410])
  @ApiQuery(START)
  @ApiQuery(END)
  @ApiQuery(SINCE)
  @ApiQuery(TYPE)
  @ApiQuery(COUNT)
  everything(
    @Param('type') type: string,
    @Param('id') id: string,
    @Interaction() request: InteractionRequest,
  ): Promise<Answer> {
    return this.record.of(type, id, request);
  }

  @Post()
  @HttpCode(200)
  @Operation('FhirEverything')
  @DescribesBundle('The record of a patient, by Parameters', [404, 410])
  @ApiConsumes('application/fhir+json', 'application/json', 'text/yaml')
  @ApiBody({ required: false, schema: { type: 'object', example: EXAMPLE } })
  everythingByParameters(
    @Param('type') type: string,
    @Param('id') id: string,
    @Interaction() request: InteractionRequest,
  ): Promise<Answer> {
    return this.record.of(type, id, request);
  }
}
