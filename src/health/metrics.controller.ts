import { Controller, Get } from '@nestjs/common';
import {
  ApiBasicAuth,
  ApiBearerAuth,
  ApiOperation,
  ApiProduces,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import { ForOperators } from '../access/for-operators.decorator.js';
import type { Answer } from '../interactions/http/answer.js';
import { AnswersAs } from '../interactions/http/answers-as.decorator.js';
import {
  Interaction,
  Operation,
  type InteractionRequest,
} from '../interactions/http/interaction-request.js';
import { refuseUnusedParameters } from '../interactions/http/unused-parameters.js';
import { exposition, EXPOSITION_TYPE } from '../metrics/exposition.js';
import { MetricsRegistry } from '../metrics/metrics-registry.js';

/** What this instance counts, for Prometheus. */
@ApiTags('Health')
@Controller('metrics')
export class MetricsController {
  constructor(private readonly registry: MetricsRegistry) {}

  @Get()
  @ForOperators()
  @Operation('Metrics')
  @AnswersAs(EXPOSITION_TYPE)
  @ApiBasicAuth()
  @ApiBearerAuth()
  @ApiOperation({
    summary: 'What this instance counts, for Prometheus',
    description: 'A policy that allows it must speak of administration.',
  })
  @ApiProduces(EXPOSITION_TYPE)
  @ApiResponse({ status: 200, description: 'Text format, version 0.0.4' })
  async metrics(@Interaction() { query }: InteractionRequest): Promise<Answer> {
    refuseUnusedParameters(query);
    const headers = { 'cache-control': 'no-store' };
    return { status: 200, headers, text: await exposition(this.registry) };
  }
}
