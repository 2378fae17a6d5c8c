import { applyDecorators } from '@nestjs/common';
import {
  ApiBasicAuth,
  ApiBearerAuth,
  ApiBody,
  ApiConsumes,
  ApiHeader,
  ApiOperation,
  ApiProduces,
  ApiResponse,
} from '@nestjs/swagger';

const SUBJECT = { type: 'user', id: 'some-user-id' };
const ACTION = { name: 'FhirRead' };
const RESOURCE = { type: 'Patient', id: 'p1' };

const ROUTES = {
  evaluation: {
    summary: 'May this subject do this?',
    body: { subject: SUBJECT, action: ACTION, resource: RESOURCE },
    answer: { decision: false, context: { reason: 'no-policy' } },
  },
  evaluations: {
    summary: 'Several such questions at once',
    body: {
      subject: SUBJECT,
      action: ACTION,
      evaluations: [{ resource: RESOURCE }, { resource: { type: 'Patient', id: 'p2' } }],
      options: { evaluations_semantic: 'execute_all' },
    },
    answer: { evaluations: [{ decision: true }, { decision: false }] },
  },
};

/** Describes a route of the Authorization API in the description of the API, by example. */
export function DescribesEvaluation(route: keyof typeof ROUTES): MethodDecorator {
  const { summary, body, answer } = ROUTES[route];
  return applyDecorators(
    ApiBasicAuth(),
    ApiBearerAuth(),
    ApiOperation({
      summary,
      description:
        'OpenID AuthZEN 1.0. Nothing is carried out. A policy that allows it must speak of administration.',
    }),
    ApiHeader({ name: 'X-Request-ID', required: false, description: 'Answered as it was sent' }),
    ApiConsumes('application/json'),
    ApiBody({ schema: { type: 'object', example: body } }),
    ApiProduces('application/json'),
    ApiResponse({ status: 200, description: summary, schema: { type: 'object', example: answer } }),
  );
}
