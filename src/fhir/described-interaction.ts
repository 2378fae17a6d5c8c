import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiProduces, ApiResponse } from '@nestjs/swagger';

const RESOURCE = {
  type: 'object',
  additionalProperties: true,
  required: ['resourceType'],
  properties: { resourceType: { type: 'string' }, id: { type: 'string' } },
  example: { resourceType: 'Patient', id: 'p1', name: [{ family: 'Chalmers', given: ['Peter'] }] },
};
const BUNDLE = {
  type: 'object',
  example: { resourceType: 'Bundle', type: 'searchset', total: 0, link: [] },
};
const OUTCOME = {
  type: 'object',
  example: {
    resourceType: 'OperationOutcome',
    issue: [{ severity: 'error', code: 'not-found', diagnostics: 'Patient/p1 is not known' }],
  },
};

/** What the answers of each status mean; errors are OperationOutcomes. */
const FAILURES = {
  400: 'Unparsable, another type or id than the URL’s, or a parameter that is not supported',
  401: 'No credential, or one that is not valid',
  403: 'No access policy allows it',
  404: 'Unknown id or type',
  409: 'The id exists or existed',
  410: 'The id was deleted',
  412: 'If-Match or If-None-Match does not hold',
  422: 'Not a valid resource; one issue per problem',
  501: 'Conditional interactions are not supported',
} as const;

const SUCCESSES = {
  200: { description: 'The resource', schema: RESOURCE },
  201: { description: 'Created; Location names the version', schema: RESOURCE },
  204: { description: 'There was nothing to delete' },
  304: { description: 'If-None-Match names the current version' },
} as const;

type Success = keyof typeof SUCCESSES;
type Failure = keyof typeof FAILURES;

/** Describes an interaction in the API description: its summary and the statuses it answers with. */
export function Describes(
  summary: string,
  successes: readonly Success[],
  failures: readonly Failure[],
): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary }),
    ApiProduces('application/fhir+json', 'text/yaml'),
    ...successes.map((status) => ApiResponse({ status, ...SUCCESSES[status] })),
    ...describedFailures(failures),
  );
}

/** As {@link Describes}, of an interaction that answers a Bundle. */
export function DescribesBundle(summary: string, failures: readonly Failure[]): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary }),
    ApiProduces('application/fhir+json', 'text/yaml'),
    ApiResponse({ status: 200, description: 'A Bundle', schema: BUNDLE }),
    ...describedFailures(failures),
  );
}

/** Describes the body of an interaction that takes a resource. */
export function TakesResource(): MethodDecorator {
  return applyDecorators(
    ApiConsumes('application/fhir+json', 'application/json', 'text/yaml'),
    ApiBody({ schema: RESOURCE }),
  );
}

function describedFailures(failures: readonly Failure[]): MethodDecorator[] {
  const statuses: readonly Failure[] = [400, 401, 403, ...failures];
  return statuses.map((status) =>
    ApiResponse({ status, description: FAILURES[status], schema: OUTCOME }),
  );
}
