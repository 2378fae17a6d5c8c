import {
  applyDecorators,
  Controller,
  Delete,
  Get,
  Param,
  Patch,
  Post,
  Put,
  type Type,
} from '@nestjs/common';
import {
  ApiBasicAuth,
  ApiBearerAuth,
  ApiBody,
  ApiConsumes,
  ApiExtraModels,
  ApiOperation,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { Answer } from '../../interactions/http/answer.js';
import {
  Interaction,
  Operation,
  requiredBody,
  SystemType,
  type InteractionRequest,
} from '../../interactions/http/interaction-request.js';
import type { DtoClass } from '../validate-dto.js';
import type { SystemResourceService } from './system-resource.service.js';

/** The routes of a type of system resource: the same handlers under `/fhir/{type}` and `/{type}`. */
export function SystemResourceController(type: string): ClassDecorator {
  return applyDecorators(
    Controller([`fhir/${type}`, type]),
    SystemType(type),
    ApiTags(type),
    ApiBasicAuth(),
    ApiBearerAuth(),
  );
}

/** Base class of the controllers of system resources. */
export abstract class SystemResourceRoutes {
  protected abstract readonly service: SystemResourceService;
}

/** Makes the base class whose routes are described by the resource's DTO. */
export function systemResourceRoutes(Dto: DtoClass): Type<SystemResourceRoutes> {
  @ApiExtraModels(Dto)
  abstract class Routes extends SystemResourceRoutes {
    @Get()
    @Operation('FhirSearch')
    @ApiOperation({ summary: 'Search' })
    search(@Interaction() request: InteractionRequest): Promise<Answer> {
      const query = this.service.parseSearch(request.query);
      return this.service.answers(request.family).search(request.query, query);
    }

    @Post()
    @Operation('FhirCreate')
    @ApiOperation({ summary: 'Create' })
    @WritesResource(Dto)
    async create(@Interaction() request: InteractionRequest): Promise<Answer> {
      const written = await this.service.create(requiredBody(request), request);
      return this.service.answers(request.family).written(written, request.prefer);
    }

    @Get('_history')
    @Operation('FhirHistoryType')
    @ApiOperation({ summary: 'History of the type' })
    typeHistory(@Interaction() request: InteractionRequest): Promise<Answer> {
      return this.service.answers(request.family).history(undefined, request.query);
    }

    @Get(':id')
    @Operation('FhirRead')
    @ApiOperation({ summary: 'Read' })
    @ApiResponse({ status: 200, type: Dto })
    async read(
      @Param('id') id: string,
      @Interaction() request: InteractionRequest,
    ): Promise<Answer> {
      const version = await this.service.read(id);
      return this.service.answers(request.family).read(version, request.ifNoneMatch);
    }

    @Put(':id')
    @Operation('FhirUpdate')
    @ApiOperation({ summary: 'Create or replace' })
    @WritesResource(Dto)
    async update(
      @Param('id') id: string,
      @Interaction() request: InteractionRequest,
    ): Promise<Answer> {
      const written = await this.service.update(id, requiredBody(request), request, request);
      return this.service.answers(request.family).written(written, request.prefer);
    }

    @Patch(':id')
    @Operation('FhirPatch')
    @ApiOperation({ summary: 'Change by JSON Patch or Merge Patch' })
    @ApiConsumes('application/json-patch+json', 'application/merge-patch+json')
    @ApiBody({ schema: {} })
    async patch(
      @Param('id') id: string,
      @Interaction() request: InteractionRequest,
    ): Promise<Answer> {
      const written = await this.service.patch(id, requiredBody(request), request, request);
      return this.service.answers(request.family).written(written, request.prefer);
    }

    @Delete(':id')
    @Operation('FhirDelete')
    @ApiOperation({ summary: 'Delete' })
    async remove(
      @Param('id') id: string,
      @Interaction() request: InteractionRequest,
    ): Promise<Answer> {
      const version = await this.service.remove(id, request);
      return this.service.answers(request.family).removed(version);
    }

    @Get(':id/_history')
    @Operation('FhirHistory')
    @ApiOperation({ summary: 'History of one resource' })
    history(
      @Param('id') id: string,
      @Interaction() request: InteractionRequest,
    ): Promise<Answer> {
      return this.service.answers(request.family).history(id, request.query);
    }

    @Get(':id/_history/:vid')
    @Operation('FhirVread')
    @ApiOperation({ summary: 'Read one version' })
    @ApiResponse({ status: 200, type: Dto })
    async vread(
      @Param('id') id: string,
      @Param('vid') vid: string,
      @Interaction() request: InteractionRequest,
    ): Promise<Answer> {
      return this.service.answers(request.family).vread(await this.service.vread(id, vid));
    }
  }
  return Routes as unknown as Type<SystemResourceRoutes>;
}

function WritesResource(Dto: DtoClass): MethodDecorator {
  return applyDecorators(
    ApiConsumes('application/json', 'application/fhir+json', 'text/yaml'),
    ApiBody({ type: Dto }),
    ApiResponse({ status: 200, type: Dto, description: 'Replaced' }),
    ApiResponse({ status: 201, type: Dto, description: 'Created' }),
  );
}
