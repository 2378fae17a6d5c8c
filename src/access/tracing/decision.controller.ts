import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Answer } from '../../interactions/http/answer.js';
import {
  Interaction,
  Operation,
  type InteractionRequest,
} from '../../interactions/http/interaction-request.js';
import { refuseUnusedParameters } from '../../interactions/http/unused-parameters.js';
import { AdministratorsOnly } from '../administrators-only.decorator.js';
import { DescribesAid } from '../designing/describe-aids.js';
import { RecordedDecisions } from './recorded-decisions.js';

/** Why a request was answered as it was. */
@ApiTags('Designing policies')
@AdministratorsOnly()
@Controller()
export class DecisionController {
  constructor(private readonly decisions: RecordedDecisions) {}

  @Get('$decision/:request')
  @Operation('decision')
  @DescribesAid('decision')
  async decision(
    @Param('request') requestId: string,
    @Interaction() { query }: InteractionRequest,
  ): Promise<Answer> {
    refuseUnusedParameters(query);
    const text = await this.decisions.about(requestId);
    return { status: 200, headers: { 'cache-control': 'no-store' }, text };
  }
}
