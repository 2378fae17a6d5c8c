import { Controller, HttpCode, Post } from '@nestjs/common';
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
import { DescribesAid } from '../designing/describe-aids.js';
import { jsonAnswer } from '../designing/json-answer.js';
import { AccessExplanation } from './explain-access.js';

/** Who may do what, by the policies as they are. */
@ApiTags('Designing policies')
@AdministratorsOnly()
@Controller()
export class ExplainAccessController {
  constructor(private readonly explanation: AccessExplanation) {}

  @Post('$explain-access')
  @HttpCode(200)
  @Operation('explain-access')
  @DescribesAid('explain-access')
  async explainAccess(@Interaction() request: InteractionRequest): Promise<Answer> {
    refuseUnusedParameters(request.query);
    return jsonAnswer(await this.explanation.answer(requiredBody(request).value));
  }
}
