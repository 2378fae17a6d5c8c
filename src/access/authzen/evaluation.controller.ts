import { Controller, HttpCode, Post, UseFilters } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { UnsupportedMediaType } from '../../errors/fhir-error.js';
import type { Answer } from '../../interactions/http/answer.js';
import { AnswersAs } from '../../interactions/http/answers-as.decorator.js';
import {
  Interaction,
  Operation,
  requiredBody,
  type InteractionRequest,
} from '../../interactions/http/interaction-request.js';
import { refuseUnusedParameters } from '../../interactions/http/unused-parameters.js';
import type { Json } from '../../policy/json.js';
import { AuthenticationRequired } from '../access-errors.js';
import { jsonAnswer } from '../designing/json-answer.js';
import { ForOperators } from '../for-operators.decorator.js';
import { originOf } from '../guarded-request.js';
import { AccessEvaluations } from './access-evaluations.js';
import { DescribesEvaluation } from './describe-evaluation.js';
import type { EvaluationAsker } from './evaluation-log.js';
import { EvaluationMediaTypeFilter } from './evaluation-media-type.filter.js';

const JSON_TYPE = /^application\/json\s*(?:;|$)/i;

/**
 * The Authorization API of OpenID AuthZEN 1.0. Its answers tell who may do what, so a policy that opens it
 * must speak of administration, and nobody asks without saying who they are.
 */
@ApiTags('AuthZEN')
@ForOperators()
@UseFilters(EvaluationMediaTypeFilter)
@Controller('access/v1')
export class EvaluationController {
  constructor(private readonly evaluations: AccessEvaluations) {}

  @Post('evaluation')
  @HttpCode(200)
  @Operation('AccessEvaluation')
  @AnswersAs('application/json')
  @DescribesEvaluation('evaluation')
  async evaluation(@Interaction() request: InteractionRequest): Promise<Answer> {
    const asker = askerOf(request);
    return jsonAnswer(await this.evaluations.evaluate(questionOf(request), asker));
  }

  @Post('evaluations')
  @HttpCode(200)
  @Operation('AccessEvaluation')
  @AnswersAs('application/json')
  @DescribesEvaluation('evaluations')
  async several(@Interaction() request: InteractionRequest): Promise<Answer> {
    const asker = askerOf(request);
    return jsonAnswer(await this.evaluations.evaluateAll(questionOf(request), asker));
  }
}

/** @throws AuthenticationRequired 401 for an anonymous caller, even one whom a policy lets through. */
function askerOf(request: InteractionRequest): EvaluationAsker {
  const { incoming, caller } = originOf(request);
  if (caller.kind === 'anonymous') throw new AuthenticationRequired();
  return { requestId: incoming.id, caller };
}

function questionOf(request: InteractionRequest): Json {
  refuseUnusedParameters(request.query);
  const { value } = requiredBody(request);
  if (JSON_TYPE.test(request.contentType ?? '')) return value;
  throw new UnsupportedMediaType('Send the body as application/json');
}
