import { applyDecorators } from '@nestjs/common';
import {
  ApiBasicAuth,
  ApiBearerAuth,
  ApiBody,
  ApiConsumes,
  ApiOperation,
  ApiParam,
  ApiProduces,
  ApiResponse,
} from '@nestjs/swagger';
import type { CheckAnswer } from './introspector-checks.js';

const SUMMARIES = {
  'without a token': 'Check: does its issuer answer, are its keys of use?',
  'with a token': 'Check a token, step by step',
} as const;

const ANSWER: CheckAnswer = {
  introspector: 'external-auth-server',
  ok: false,
  steps: [
    { step: 'introspector', status: 'ok', code: 'active', message: 'The introspector is active' },
    {
      step: 'keys',
      status: 'failed',
      code: 'name-unknown',
      message:
        '"https://auth.example.com/.well-known/jwks.json": the name of the host cannot be resolved (ENOTFOUND)',
      fix: 'Compare the spelling, and the DNS that the machine of Wardgate uses',
    },
  ],
};

/** Describes the two ways to check an introspector in the description of the API. */
export function DescribesCheck(way: keyof typeof SUMMARIES): MethodDecorator {
  return applyDecorators(
    ApiBasicAuth(),
    ApiBearerAuth(),
    ApiOperation({
      summary: SUMMARIES[way],
      description:
        'Keys and endpoints are asked anew, past all caches. Nothing is changed, and the token is ' +
        'neither kept nor answered. For administrators only.',
    }),
    ApiParam({ name: 'id', example: ANSWER.introspector }),
    ApiProduces('application/fhir+json', 'text/yaml'),
    ApiResponse({
      status: 200,
      description: 'What each step found; `ok` when none failed',
      schema: { type: 'object', example: ANSWER },
    }),
    ...[404, 410, 429].map((status) => ApiResponse({ status, description: '' })),
    ...(way === 'with a token' ? [TakesToken()] : []),
  );
}

function TakesToken(): MethodDecorator {
  return applyDecorators(
    ApiConsumes('application/json', 'text/yaml'),
    ApiBody({
      schema: { type: 'object', required: ['token'], properties: { token: { type: 'string' } } },
      examples: {
        'an opaque token': { summary: 'an opaque token', value: { token: 'not-a-jwt' } },
      },
    }),
    ApiResponse({ status: 422, description: '' }),
  );
}
