import { Controller, Get, Param, Post } from '@nestjs/common';
import { ApiBasicAuth, ApiBearerAuth, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Answer } from '../interactions/http/answer.js';
import { assertFormOnly } from '../interactions/http/form-only.js';
import {
  Interaction,
  Operation,
  type InteractionRequest,
} from '../interactions/http/interaction-request.js';
import { DescribesBundle } from './described-interaction.js';
import {
  DescribesCompartmentSearch,
  DescribesCompartmentSearchByForm,
  DescribesSystemSearch,
  DescribesSystemSearchByForm,
} from './described-search.js';
import { SystemHistory } from './system-history.js';
import { WideSearches } from './wide-searches.js';

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
  @DescribesSystemSearch()
  searchSystem(@Interaction() request: InteractionRequest): Promise<Answer> {
    return this.searches.ofTypes(request);
  }

  @Post('_search')
  @Operation('FhirSystemSearch')
  @DescribesSystemSearchByForm()
  searchSystemByForm(@Interaction() request: InteractionRequest): Promise<Answer> {
    assertFormOnly(request);
    return this.searches.ofTypes(request);
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
  @DescribesCompartmentSearch()
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
  @DescribesCompartmentSearchByForm()
  searchCompartmentByForm(
    @Param('type') type: string,
    @Param('id') id: string,
    @Param('member') member: string,
    @Interaction() request: InteractionRequest,
  ): Promise<Answer> {
    assertFormOnly(request);
    return this.searches.inCompartment({ type, id }, member, request);
  }
}
