import { applyDecorators, Controller } from '@nestjs/common';
import {
  ApiBasicAuth,
  ApiBearerAuth,
  ApiBody,
  ApiConsumes,
  ApiOperation,
  ApiParam,
  ApiProduces,
  ApiQuery,
  ApiResponse,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import { SystemType } from '../../interactions/http/interaction-request.js';
import type { JsonObject } from '../../policy/json.js';
import type { DtoClass } from '../validate-dto.js';
import type { ResourceExamples } from './resource-examples.js';

/** Statuses of failure; what each means is described once for all routes. */
type Failure = 404 | 409 | 410 | 412 | 422;

/** What each route of a type does, in the description of the API; by the name of its handler. */
export type RouteDescriptions = Readonly<
  Record<
    | 'search'
    | 'typeHistory'
    | 'read'
    | 'history'
    | 'vread'
    | 'create'
    | 'update'
    | 'patch'
    | 'remove',
    MethodDecorator
  >
>;

/** The controller of a type of system resource: the same handlers under `/fhir/{type}` and `/{type}`. */
export function SystemResourceController(type: string): ClassDecorator {
  return applyDecorators(
    Controller([`fhir/${type}`, type]),
    SystemType(type),
    ApiTags(type),
    ApiBasicAuth(),
    ApiBearerAuth(),
    ApiProduces('application/fhir+json', 'text/yaml'),
  );
}

/** Describes the routes of one type by its DTO and its examples. */
export function describeRoutes(Dto: DtoClass, examples: ResourceExamples): RouteDescriptions {
  const id = ApiParam({ name: 'id', example: examples.id });
  const vid = ApiParam({ name: 'vid', example: '1' });
  const answer = (status: number, description: string) =>
    ApiResponse({ type: Dto, example: answered(Dto, examples), status, description });
  const read = answer(200, 'The resource, its secrets masked');
  const created = answer(201, 'Created; Location names the version');
  return {
    search: describe('Search', [], ...SEARCH_PARAMETERS, COUNT, BUNDLE),
    typeHistory: describe('History of the type', [], COUNT, BUNDLE),
    read: describe('Read', [404, 410], id, read),
    history: describe('History of one resource', [404], id, COUNT, BUNDLE),
    vread: describe('Read one version', [404, 410], id, vid, read),
    create: describe('Create', [409, 422], takesResource(Dto, examples), created),
    update: describe(
      'Create or replace',
      [409, 412, 422],
      id,
      takesResource(Dto, examples),
      answer(200, 'Replaced'),
      created,
    ),
    patch: describe(
      'Change by JSON Patch or Merge Patch',
      [404, 409, 410, 412, 422],
      id,
      takesPatch(examples.changes),
      answer(200, 'The resource after the change'),
    ),
    remove: describe(
      'Delete',
      [412],
      id,
      answer(200, 'Deleted; the last version'),
      ApiResponse({ status: 204, description: 'There was nothing to delete' }),
    ),
  };
}

const COUNT = ApiQuery({
  name: '_count',
  required: false,
  type: Number,
  description: 'Entries on a page',
});
const BUNDLE = ApiResponse({
  status: 200,
  description: 'A Bundle',
  schema: { $ref: '#/components/schemas/Bundle' },
});
const SEARCH_PARAMETERS = [
  ApiQuery({ name: '_id', required: false, type: String, description: 'One id, or several: a,b' }),
  ApiQuery({
    name: '_lastUpdated',
    required: false,
    type: String,
    description: 'A date with a prefix, such as ge2024-01-01',
  }),
];

function describe(
  summary: string,
  failures: readonly Failure[],
  ...more: readonly MethodDecorator[]
): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary }),
    ...failures.map((status) => ApiResponse({ status, description: '' })),
    ...more,
  );
}

function takesResource(Dto: DtoClass, { resources }: ResourceExamples): MethodDecorator {
  const named = Object.entries(resources).map(([summary, value]) => [summary, { summary, value }]);
  return applyDecorators(
    ApiConsumes('application/json', 'application/fhir+json', 'text/yaml'),
    ApiBody({
      schema: { $ref: getSchemaPath(Dto) },
      examples: Object.fromEntries(named) as Record<string, { summary: string; value: unknown }>,
    }),
  );
}

function takesPatch(changes: JsonObject): MethodDecorator {
  const operations = Object.entries(changes).map(([name, value]) => ({
    op: 'add',
    path: `/${name}`,
    value,
  }));
  return ApiOperation({
    requestBody: {
      required: true,
      content: {
        'application/merge-patch+json': { schema: { type: 'object' }, example: changes },
        'application/json-patch+json': {
          schema: { type: 'array', items: {} },
          example: operations,
        },
      },
    },
  });
}

/** The answer to the first example. */
function answered(Dto: DtoClass, { id, resources }: ResourceExamples): JsonObject {
  const elements = Object.entries(Object.values(resources)[0] ?? {});
  // What is answered has no secrets.
  const shown = Object.fromEntries(elements.filter(([name]) => name !== 'secret'));
  return { id, resourceType: Dto.name.replace(/Dto$/, ''), ...shown };
}
