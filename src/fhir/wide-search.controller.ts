import { Controller, Get, Param, Post } from '@nestjs/common';
import {
  ApiBasicAuth,
  ApiBearerAuth,
  ApiBody,
  ApiConsumes,
  ApiParam,
  ApiQuery,
  ApiTags,
} from '@nestjs/swagger';
import { UnsupportedMediaType } from '../errors/fhir-error.js';
import type { Answer } from '../interactions/http/answer.js';
import {
  Interaction,
  Operation,
  type InteractionRequest,
} from '../interactions/http/interaction-request.js';
import { DescribesBundle } from './described-interaction.js';
import { SystemHistory } from './system-history.js';
import { WideSearches } from './wide-searches.js';

const FORM = { schema: { type: 'object', properties: { _id: { type: 'string' } } } };
const TYPES = {
  name: '_type',
  description: 'The types to search; each is decided on its own',
  example: 'Observation,Condition',
};

/** Searches and histories beyond one type: of several types, and within a compartment. */
@ApiTags('FHIR')
@ApiBasicAuth()
@ApiBearerAuth()
@Controller('fhir')
export class WideSearchController {
  constructor(
    private readonly searches: WideSearches,
    private readonly history: SystemHistory,
  ) {}

  @Get()
  @Operation('FhirSystemSearch')
  @DescribesBundle('Search several types', [])
  @ApiQuery(TYPES)
  searchSystem(@Interaction() request: InteractionRequest): Promise<Answer> {
    return this.searches.ofTypes(request);
  }

  @Post('_search')
  @Operation('FhirSystemSearch')
  @DescribesBundle('Search several types by a form', [])
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiBody(FORM)
  searchSystemByForm(@Interaction() request: InteractionRequest): Promise<Answer> {
    return this.searches.ofTypes(formOnly(request));
  }

  @Get('_history')
  @Operation('FhirHistorySystem')
  @DescribesBundle('History of all clinical types', [])
  @ApiQuery({ name: '_since', required: false, description: 'Such as 2024-01-01T00:00:00Z' })
  @ApiQuery({ name: '_count', required: false, description: 'Entries on a page' })
  systemHistory(@Interaction() request: InteractionRequest): Promise<Answer> {
    return this.history.answer(request);
  }

  @Get(':type/:id/:member')
  @Operation('FhirCompartmentSearch')
  @ApiParam({ name: 'type', description: 'Whose compartment', example: 'Patient' })
  @ApiParam({ name: 'id', example: 'p1' })
  @ApiParam({ name: 'member', description: 'The type to search', example: 'Observation' })
  @DescribesBundle('Search a compartment', [404])
  searchCompartment(
    @Param('type') type: string,
    @Param('id') id: string,
    @Param('member') member: string,
    @Interaction() request: InteractionRequest,
  ): Promise<Answer> {
    return this.searches.inCompartment({ type, id }, member, request);
  }

  @Post(':type/:id/:member/_search')
  @Operation('FhirCompartmentSearch')
  @ApiParam({ name: 'type', description: 'Whose compartment', example: 'Patient' })
  @ApiParam({ name: 'id', example: 'p1' })
  @ApiParam({ name: 'member', description: 'The type to search', example: 'Observation' })
  @DescribesBundle('Search a compartment by a form', [404])
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiBody(FORM)
  searchCompartmentByForm(
    @Param('type') type: string,
    @Param('id') id: string,
    @Param('member') member: string,
    @Interaction() request: InteractionRequest,
  ): Promise<Answer> {
    return this.searches.inCompartment({ type, id }, member, formOnly(request));
  }
}

/** The form is among the parameters; any other body would be passed over. */
function formOnly(request: InteractionRequest): InteractionRequest {
  if (!request.body) return request;
  throw new UnsupportedMediaType('_search takes application/x-www-form-urlencoded');
}
