import { Controller, Delete, Get, HttpCode, Param, Post, applyDecorators } from '@nestjs/common';
import {
  ApiBasicAuth,
  ApiBearerAuth,
  ApiBody,
  ApiConsumes,
  ApiHeader,
  ApiOperation,
  ApiParam,
  ApiProduces,
  ApiQuery,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { Answer } from '../interactions/http/answer.js';
import { AnswersAs } from '../interactions/http/answers-as.decorator.js';
import { Operation } from '../interactions/http/interaction-request.js';
import { PassedExports } from './exports/passed-exports.js';
import { Passes, type Passage } from './passing/passage.js';

const TYPE = { name: 'type', description: 'Patient', example: 'Patient' };
const GROUP = { name: 'type', description: 'Group', example: 'Group' };
const ID = { name: 'id', example: 'g1' };

/** What all requests of exports have in common; their manifests are no resources. */
function Exports(summary: string): MethodDecorator {
  return applyDecorators(
    Operation('FhirExport'),
    AnswersAs('application/json'),
    ApiOperation({ summary }),
    ApiHeader({ name: 'Prefer', required: false, description: 'respond-async, to begin' }),
    ApiProduces('application/json', 'application/fhir+ndjson'),
    ApiResponse({ status: 202, description: 'Begun, or under way; Content-Location says where' }),
    ApiResponse({ status: 404, description: '' }),
  );
}

/** As {@link Exports}, of a request that begins an export or, with a seal, goes on with it. */
function GoesOn(summary: string): MethodDecorator {
  return applyDecorators(
    Exports(summary),
    ApiQuery({ name: '_type', required: false, example: 'Patient,Observation' }),
    ApiResponse({ status: 200, description: 'The manifest, or a file of it' }),
  );
}

/** As {@link Exports}, by Parameters. */
function BeginsByParameters(summary: string): MethodDecorator {
  return applyDecorators(
    Exports(summary),
    HttpCode(202),
    ApiConsumes('application/fhir+json', 'application/json', 'text/yaml'),
    ApiBody({ required: false, schema: { type: 'object' } }),
  );
}

/** Bulk exports of the upstream, if WARDGATE_UPSTREAM_OPERATIONS names `export`. */
@ApiTags('FHIR')
@ApiBasicAuth()
@ApiBearerAuth()
@Controller('fhir')
export class ExportController {
  constructor(private readonly exports: PassedExports) {}

  @Get('$export')
  @GoesOn('Export everything')
  system(@Passes() passage: Passage): Promise<Answer> {
    return this.exports.goOn({}, passage);
  }

  @Post('$export')
  @BeginsByParameters('Export everything, by Parameters')
  systemByParameters(@Passes() passage: Passage): Promise<Answer> {
    return this.exports.begin({}, passage);
  }

  @Delete('$export')
  @Exports('End an export of everything')
  cancelSystem(@Passes() passage: Passage): Promise<Answer> {
    return this.exports.cancel({}, passage);
  }

  @Get(':type/$export')
  @ApiParam(TYPE)
  @GoesOn('Export what belongs to patients')
  patients(@Param('type') type: string, @Passes() passage: Passage): Promise<Answer> {
    return this.exports.goOn({ type }, passage);
  }

  @Post(':type/$export')
  @ApiParam(TYPE)
  @BeginsByParameters('Export what belongs to patients, by Parameters')
  patientsByParameters(@Param('type') type: string, @Passes() passage: Passage): Promise<Answer> {
    return this.exports.begin({ type }, passage);
  }

  @Delete(':type/$export')
  @ApiParam(TYPE)
  @Exports('End an export of what belongs to patients')
  cancelPatients(@Param('type') type: string, @Passes() passage: Passage): Promise<Answer> {
    return this.exports.cancel({ type }, passage);
  }

  @Get(':type/:id/$export')
  @ApiParam(GROUP)
  @ApiParam(ID)
  @GoesOn('Export what belongs to the patients of a group')
  group(
    @Param('type') type: string,
    @Param('id') id: string,
    @Passes() passage: Passage,
  ): Promise<Answer> {
    return this.exports.goOn({ type, id }, passage);
  }

  @Post(':type/:id/$export')
  @ApiParam(GROUP)
  @ApiParam(ID)
  @BeginsByParameters('Export what belongs to the patients of a group, by Parameters')
  groupByParameters(
    @Param('type') type: string,
    @Param('id') id: string,
    @Passes() passage: Passage,
  ): Promise<Answer> {
    return this.exports.begin({ type, id }, passage);
  }

  @Delete(':type/:id/$export')
  @ApiParam(GROUP)
  @ApiParam(ID)
  @Exports('End an export of what belongs to the patients of a group')
  cancelGroup(
    @Param('type') type: string,
    @Param('id') id: string,
    @Passes() passage: Passage,
  ): Promise<Answer> {
    return this.exports.cancel({ type, id }, passage);
  }
}
