import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Answer } from '../../interactions/http/answer.js';
import {
  Interaction,
  Operation,
  requiredBody,
  SystemType,
  type InteractionRequest,
} from '../../interactions/http/interaction-request.js';
import { refuseUnusedParameters } from '../../interactions/http/unused-parameters.js';
import { AdministratorsOnly } from '../administrators-only.decorator.js';
import { jsonAnswer } from '../designing/json-answer.js';
import { DescribesCheck } from './describe-check.js';
import { IntrospectorChecks } from './introspector-checks.js';
import { tokenToCheck } from './token-to-check.js';

/**
 * Tries an introspector. A token travels in the body: an address is written into logs, and a header of
 * its own might be.
 */
@ApiTags('TokenIntrospector')
@AdministratorsOnly()
@SystemType('TokenIntrospector')
@Controller(['fhir/TokenIntrospector', 'TokenIntrospector'])
export class IntrospectorCheckController {
  constructor(private readonly checks: IntrospectorChecks) {}

  @Get(':id/$check')
  @Operation('introspector-check')
  @DescribesCheck('without a token')
  async check(
    @Param('id') id: string,
    @Interaction() { query }: InteractionRequest,
  ): Promise<Answer> {
    refuseUnusedParameters(query);
    return jsonAnswer(await this.checks.run(id));
  }

  @Post(':id/$check')
  @HttpCode(200)
  @Operation('introspector-check')
  @DescribesCheck('with a token')
  async checkToken(
    @Param('id') id: string,
    @Interaction() request: InteractionRequest,
  ): Promise<Answer> {
    refuseUnusedParameters(request.query);
    return jsonAnswer(await this.checks.run(id, tokenToCheck(requiredBody(request).value)));
  }
}
