import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Answer } from '../../interactions/http/answer.js';
import {
  Interaction,
  Operation,
  requiredBody,
  type InteractionRequest,
} from '../../interactions/http/interaction-request.js';
import { refuseUnusedParameters } from '../../interactions/http/unused-parameters.js';
import { AdministratorsOnly } from '../administrators-only.decorator.js';
import { RouteTable } from '../routes/route-table.js';
import { DescribesAid } from './describe-aids.js';
import { explainMatcho } from './explain-matcho.js';
import { jsonAnswer } from './json-answer.js';
import { operationsOf } from './operations.js';
import { PolicyTrial } from './policy-trial.js';

/** Designing policies: what they can be linked to, how patterns compare, what policies would decide. */
@ApiTags('Designing policies')
@AdministratorsOnly()
@Controller()
export class DesigningController {
  constructor(
    private readonly table: RouteTable,
    private readonly trial: PolicyTrial,
  ) {}

  @Get('Operation')
  @Operation('operations')
  @DescribesAid('operations')
  operations(@Interaction() { query }: InteractionRequest): Answer {
    refuseUnusedParameters(query);
    const entry = operationsOf(this.table.routes()).map((resource) => ({ resource }));
    return jsonAnswer({
      resourceType: 'Bundle',
      type: 'searchset',
      total: entry.length,
      entry,
    });
  }

  @Post('$matcho')
  @HttpCode(200)
  @Operation('matcho')
  @DescribesAid('matcho')
  matcho(@Interaction() request: InteractionRequest): Answer {
    refuseUnusedParameters(request.query);
    return jsonAnswer(explainMatcho(requiredBody(request).value));
  }

  @Post('auth/test-policy')
  @HttpCode(200)
  @Operation('auth-test-policy')
  @DescribesAid('test-policy')
  async testPolicy(@Interaction() request: InteractionRequest): Promise<Answer> {
    refuseUnusedParameters(request.query);
    return jsonAnswer(await this.trial.run(requiredBody(request).value));
  }
}
