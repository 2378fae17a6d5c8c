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
import { DescribesBundle } from '../fhir/described-interaction.js';
import type { Answer } from '../interactions/http/answer.js';
import { Operation } from '../interactions/http/interaction-request.js';
import { Passes, type Passage } from './passing/passage.js';
import { PassedSearches } from './requests/passed-searches.js';
import { assertFormOnly } from './requests/search-requests.js';

const TYPE = { name: 'type', description: 'An R4 resource type', example: 'Patient' };
const ID = { name: 'id', example: 'p1' };
const MEMBER = { name: 'member', description: 'The type to search', example: 'Observation' };
const FORM = { schema: { type: 'object', properties: { _id: { type: 'string' } } } };

/** Searches and histories that the upstream carries out, on the routes of the built-in store's. */
@ApiTags('FHIR')
@ApiBasicAuth()
@ApiBearerAuth()
@Controller('fhir')
export class PassedSearchController {
  constructor(private readonly searches: PassedSearches) {}

  @Get()
  @Operation('FhirSystemSearch')
  @DescribesBundle('Search several types', [])
  @ApiQuery({ name: '_type', example: 'Observation,Condition' })
  searchSystem(@Passes() passage: Passage): Promise<Answer> {
    return this.searches.ofTypes(passage);
  }

  @Post('_search')
  @HttpCode(200)
  @Operation('FhirSystemSearch')
  @DescribesBundle('Search several types by a form', [])
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiBody(FORM)
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
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiBody(FORM)
  searchByForm(@Param('type') type: string, @Passes() passage: Passage): Promise<Answer> {
    assertFormOnly(passage.request);
    return this.searches.ofType(type, passage);
  }

  @Get(':type/:id/:member')
  @Operation('FhirCompartmentSearch')
  @ApiParam(TYPE)
  @ApiParam(ID)
  @ApiParam(MEMBER)
  @DescribesBundle('Search a compartment', [404])
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
  @ApiParam(TYPE)
  @ApiParam(ID)
  @ApiParam(MEMBER)
  @DescribesBundle('Search a compartment by a form', [404])
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiBody(FORM)
  searchCompartmentByForm(
    @Param('type') type: string,
    @Param('id') id: string,
    @Param('member') member: string,
    @Passes() passage: Passage,
  ): Promise<Answer> {
    assertFormOnly(passage.request);
    return this.searches.inCompartment({ type, id }, member, passage);
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
