import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiProduces, ApiResponse } from '@nestjs/swagger';

const PATIENT = { resourceType: 'Patient', name: [{ family: 'Chalmers', given: ['Peter'] }] };
const RESOURCE = { $ref: '#/components/schemas/Resource' };
const BUNDLE = { $ref: '#/components/schemas/Bundle' };

const PATH_PATCH = {
  resourceType: 'Parameters',
  parameter: [
    {
      name: 'operation',
      part: [
        { name: 'type', valueCode: 'replace' },
        { name: 'path', valueString: 'Patient.active' },
        { name: 'value', valueBoolean: true },
      ],
    },
  ],
};

const SUCCESSES = {
  200: { description: 'The resource', schema: RESOURCE },
  201: { description: 'Created; Location names the version', schema: RESOURCE },
  204: { description: 'There was nothing to delete' },
  304: { description: 'If-None-Match names the current version' },
} as const;

type Success = keyof typeof SUCCESSES;

/** Statuses of failure; what each means is described once for all routes. */
type Failure = 404 | 409 | 410 | 412 | 422 | 501;

/** Describes an interaction in the API description: its summary and the statuses it answers with. */
export function Describes(
  summary: string,
  successes: readonly Success[],
  failures: readonly Failure[],
): MethodDecorator {
  return applyDecorators(ApiOperation({ summary }), ...describedAnswers(successes, failures));
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

/** Describes the body of an interaction that takes a resource; of an update, with the id of the URL. */
export function TakesResource(id: { readonly id?: string } = {}): MethodDecorator {
  const example = { ...PATIENT, ...id };
  return applyDecorators(
    ApiConsumes('application/fhir+json', 'application/json', 'text/yaml'),
    ApiBody({ schema: RESOURCE, examples: { Patient: { value: example } } }),
  );
}

/** As {@link Describes}, of a patch of a clinical resource. */
export function DescribesPatch(summary: string, failures: readonly Failure[]): MethodDecorator {
  const content = {
    'application/json-patch+json': {
      schema: { type: 'array', items: {} },
      example: [{ op: 'add', path: '/active', value: true }],
    },
    'application/merge-patch+json': { schema: { type: 'object' }, example: { active: true } },
    'application/fhir+json': { schema: RESOURCE, example: PATH_PATCH },
  };
  return applyDecorators(
    ApiOperation({ summary, requestBody: { required: true, content } }),
    ...describedAnswers([200], failures),
  );
}

function describedAnswers(
  successes: readonly Success[],
  failures: readonly Failure[],
): MethodDecorator[] {
  return [
    ApiProduces('application/fhir+json', 'text/yaml'),
    ...successes.map((status) => ApiResponse({ status, ...SUCCESSES[status] })),
    ...describedFailures(failures),
  ];
}

function describedFailures(statuses: readonly Failure[]): MethodDecorator[] {
  return statuses.map((status) => ApiResponse({ status, description: '' }));
}
