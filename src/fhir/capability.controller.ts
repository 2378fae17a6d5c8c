import { Controller, Get, Headers, Query } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Public } from '../access/public.decorator.js';
import { BadRequest } from '../errors/fhir-error.js';
import type { Answer } from '../interactions/http/answer.js';
import { Operation } from '../interactions/http/interaction-request.js';
import { StatementSource } from './statement-source.js';

/** What this server can do, for clients that have yet to sign in. */
@ApiTags('FHIR')
@Controller('fhir')
export class CapabilityController {
  constructor(private readonly source: StatementSource) {}

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
  async metadata(
    @Query('mode') mode: unknown,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
  ): Promise<Answer> {
    // What of the server is asked for (FHIR R4, RESTful API §3.1.0.8).
    if (mode !== undefined && mode !== 'full') {
      throw new BadRequest('mode takes full only', 'not-supported', 'mode');
    }
    const statement = await this.source.current();
    return statement.answer(ifNoneMatch);
  }
}
