import { applyDecorators, Controller } from '@nestjs/common';
import {
  ApiBasicAuth,
  ApiBearerAuth,
  ApiBody,
  ApiConsumes,
  ApiOperation,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import { SystemType } from '../../interactions/http/interaction-request.js';
import type { DtoClass } from '../validate-dto.js';

/** The controller of a type of system resource: the same handlers under `/fhir/{type}` and `/{type}`. */
export function SystemResourceController(type: string): ClassDecorator {
  return applyDecorators(
    Controller([`fhir/${type}`, type]),
    SystemType(type),
    ApiTags(type),
    ApiBasicAuth(),
    ApiBearerAuth(),
  );
}

/** What a route does, in the description of the API. */
export function Summary(summary: string): MethodDecorator {
  return ApiOperation({ summary });
}

/** Describes a route that answers one resource. */
export function DescribesRead(Dto: DtoClass): MethodDecorator {
  return ApiResponse({ status: 200, type: Dto });
}

/** Describes a route that takes a whole resource. */
export function DescribesWrite(Dto: DtoClass): MethodDecorator {
  return applyDecorators(
    ApiConsumes('application/json', 'application/fhir+json', 'text/yaml'),
    ApiBody({ type: Dto }),
    ApiResponse({ status: 200, type: Dto, description: 'Replaced' }),
    ApiResponse({ status: 201, type: Dto, description: 'Created' }),
  );
}

/** Describes a route that takes a patch. */
export function DescribesPatch(Dto: DtoClass): MethodDecorator {
  return applyDecorators(
    ApiConsumes('application/merge-patch+json', 'application/json-patch+json'),
    ApiBody({ schema: { example: { description: 'changed' } } }),
    ApiResponse({ status: 200, type: Dto }),
  );
}
