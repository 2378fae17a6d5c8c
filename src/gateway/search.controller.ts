import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBasicAuth, ApiBearerAuth, ApiParam, ApiTags } from '@nestjs/swagger';
import { DescribesBundle } from '../fhir/described-interaction.js';
import {
  DescribesCompartmentSearch,
  DescribesCompartmentSearchByForm,
  DescribesSystemSearch,
  DescribesSystemSearchByForm,
  TakesForm,
} from '../fhir/described-search.js';
import type { Answer } from '../interactions/http/answer.js';
import { assertFormOnly } from '../interactions/http/form-only.js';
import { Operation } from '../interactions/http/interaction-request.js';
import { Passes, type Passage } from './passing/passage.js';
import { PassedSearches } from './requests/passed-searches.js';

const TYPE = { name: 'type', description: 'An R4 resource type', example: 'Patient' };
const ID = { name: 'id', example: 'p1' };

/** Searches and histories that the upstream carries out, on the routes of the built-in store's. */
@ApiTags('FHIR')
@ApiBasicAuth()
@ApiBearerAuth()
@Controller('fhir')
export class PassedSearchController {
  constructor(private readonly searches: PassedSearches) {}

  @Get()
  @Operation('FhirSystemSearch')
  @DescribesSystemSearch()
  searchSystem(@Passes() passage: Passage): Promise<Answer> {
    return this.searches.ofTypes(passage);
  }

  @Post('_search')
  @HttpCode(200)
  @Operation('FhirSystemSearch')
  @DescribesSystemSearchByForm()
  searchSystemByForm(@Passes() passage: Passage): Promise<Answer> {
    assertFormOnly(passage.request);
    return this.searches.ofTypes(passage);
  }

  @Get(':type')
  @Operation('FhirSearch')
  @ApiParam(TYPE)
  @DescribesBundle('Search', [404])
  search(@Param('type') type: string, @Passes() passage: Passage): Promise<Answer> {
    return this.searches.ofType(type, passage);
  }

  @Post(':type/_search')
  @HttpCode(200)
  @Operation('FhirSearch')
  @ApiParam(TYPE)
  @DescribesBundle('Search by a form', [404])
  @TakesForm()
  searchByForm(@Param('type') type: string, @Passes() passage: Passage): Promise<Answer> {
    assertFormOnly(passage.request);
    return this.searches.ofType(type, passage);
  }

  @Get(':type/:id/:member')
  @Operation('FhirCompartmentSearch')
  @DescribesCompartmentSearch()
  searchCompartment(
    @Param('type') type: string,
    @Param('id') id: string,
    @Param('member') member: string,
    @Passes() passage: Passage,
  ): Promise<Answer> {
    return this.searches.inCompartment({ type, id }, member, passage);
  }

  @Post(':type/:id/:member/_search')
  @HttpCode(200)
  @Operation('FhirCompartmentSearch')
  @DescribesCompartmentSearchByForm()
  searchCompartmentByForm(
    @Param('type') type: string,
    @Param('id') id: string,
    @Param('member') member: string,
    @Passes() passage: Passage,
  ): Promise<Answer> {
    assertFormOnly(passage.request);
    return this.searches.inCompartment({ type, id }, member, passage);
  }

  @Get('_history')
  @Operation('FhirHistorySystem')
  @DescribesBundle('History of all clinical types', [])
  systemHistory(@Passes() passage: Passage): Promise<Answer> {
    return this.searches.history({}, passage);
  }

  @Get(':type/_history')
  @Operation('FhirHistoryType')
  @ApiParam(TYPE)
  @DescribesBundle('History of the type', [404])
  typeHistory(@Param('type') type: string, @Passes() passage: Passage): Promise<Answer> {
    return this.searches.history({ type }, passage);
  }

  @Get(':type/:id/_history')
  @Operation('FhirHistory')
  @ApiParam(TYPE)
  @ApiParam(ID)
  @DescribesBundle('History of one resource', [404])
  history(
    @Param('type') type: string,
    @Param('id') id: string,
    @Passes() passage: Passage,
  ): Promise<Answer> {
    return this.searches.history({ type, id }, passage);
  }
}
