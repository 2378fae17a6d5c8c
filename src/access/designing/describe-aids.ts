import { applyDecorators } from '@nestjs/common';
import {
  ApiBasicAuth,
  ApiBearerAuth,
  ApiBody,
  ApiConsumes,
  ApiOperation,
  ApiProduces,
  ApiResponse,
} from '@nestjs/swagger';
import { AIDS } from './describe-aids.examples.js';

/** Describes a designing aid in the description of the API, by example. */
export function DescribesAid(name: keyof typeof AIDS): MethodDecorator {
  const { summary, description, answer, bodies } = AIDS[name];
  return applyDecorators(
    ApiBasicAuth(),
    ApiBearerAuth(),
    ApiOperation({ summary, description: `${description} For administrators only.` }),
    ApiProduces('application/fhir+json', 'text/yaml'),
    ApiResponse({ status: 200, description: summary, schema: { type: 'object', example: answer } }),
    ...(bodies === undefined ? [] : [TakesInput(bodies)]),
  );
}

function TakesInput(bodies: Readonly<Record<string, object>>): MethodDecorator {
  const examples: Record<string, { summary: string; value: object }> = Object.fromEntries(
    Object.entries(bodies).map(([label, value]) => [label, { summary: label, value }]),
  );
  return applyDecorators(
    ApiConsumes('application/json', 'text/yaml'),
    ApiBody({ schema: { type: 'object' }, examples }),
    ApiResponse({ status: 422, description: '' }),
  );
}
