import { Controller, Get, Headers, Query } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Public } from '../access/public.decorator.js';
import type { Answer } from '../interactions/http/answer.js';
import { Operation } from '../interactions/http/interaction-request.js';
import { MergedStatement } from './capability/merged-statement.js';

/** What is reached through this server, for clients that have yet to sign in. */
@ApiTags('FHIR')
@Controller('fhir')
export class MetadataController {
  constructor(private readonly statement: MergedStatement) {}

  @Get('metadata')
  @Public('FHIR clients read it to learn how to sign in; it tells what the documentation tells')
  @Operation('FhirCapabilityStatement')
  @ApiOperation({ summary: 'Capabilities', description: 'The CapabilityStatement of this server.' })
  @ApiProduces('application/fhir+json', 'text/yaml')
  @ApiQuery({ name: 'mode', required: false, enum: ['full'] })
  @ApiResponse({
    status: 200,
    description: 'CapabilityStatement',
    schema: { type: 'object', example: { resourceType: 'CapabilityStatement', kind: 'instance' } },
  })
  @ApiResponse({ status: 304, description: 'If-None-Match names the current statement' })
  metadata(
    @Query('mode') mode: unknown,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
  ): Promise<Answer> {
    return this.statement.answer(mode, ifNoneMatch);
  }
}
