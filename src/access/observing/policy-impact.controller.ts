import { applyDecorators, Controller, Get, Param } from '@nestjs/common';
import {
  ApiBasicAuth,
  ApiBearerAuth,
  ApiOperation,
  ApiParam,
  ApiProduces,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { Answer } from '../../interactions/http/answer.js';
import {
  Interaction,
  Operation,
  SystemType,
  type InteractionRequest,
} from '../../interactions/http/interaction-request.js';
import { refuseUnusedParameters } from '../../interactions/http/unused-parameters.js';
import { AdministratorsOnly } from '../administrators-only.decorator.js';
import { jsonAnswer } from '../designing/json-answer.js';
import { PolicyImpact, type Impact } from './policy-impact.js';

const EXAMPLE: Impact = {
  policy: 'external-auth-server',
  status: 'shadow',
  change: 'activated',
  since: '2026-01-01T08:00:00.000Z',
  replayed: 812,
  'left-out': 0,
  complete: true,
  affected: 1,
  requests: [
    {
      'request-id': '5f0c1d9e-8a58-4f0e-9a53-0b4b4a1c7a5e',
      time: '2026-01-01T09:30:00.000Z',
      caller: 'User/u1',
      'request-method': 'get',
      uri: '/fhir/Patient/p1',
      operation: 'FhirRead',
      recorded: 'deny',
      now: 'deny',
      then: 'allow',
    },
  ],
  undecided: 0,
  'undecided-requests': [],
};

/** Says what a change of a policy would change. */
@ApiTags('AccessPolicy')
@AdministratorsOnly()
@SystemType('AccessPolicy')
@Controller(['fhir/AccessPolicy', 'AccessPolicy'])
export class PolicyImpactController {
  constructor(private readonly impact: PolicyImpact) {}

  @Get(':id/$impact')
  @Operation('policy-impact')
  @DescribesImpact()
  async of(@Param('id') id: string, @Interaction() { query }: InteractionRequest): Promise<Answer> {
    refuseUnusedParameters(query);
    return jsonAnswer(await this.impact.of(id));
  }
}

function DescribesImpact(): MethodDecorator {
  return applyDecorators(
    ApiBasicAuth(),
    ApiBearerAuth(),
    ApiOperation({
      summary: 'Which recent requests depend on the policy',
      description:
        'The last requests of this instance are decided again: without the policy if it is active, ' +
        'with it if it is not. Nothing is changed. For administrators only.',
    }),
    ApiParam({ name: 'id', example: EXAMPLE.policy }),
    ApiProduces('application/fhir+json', 'text/yaml'),
    ApiResponse({
      status: 200,
      description: 'The requests whose outcome would change',
      schema: { type: 'object', example: EXAMPLE },
    }),
    ...[404, 410].map((status) => ApiResponse({ status, description: '' })),
  );
}
