import { Delete, Get, Headers, Param, Patch, Post, Put, type Type } from '@nestjs/common';
import { ApiExtraModels } from '@nestjs/swagger';
import type { Answer } from '../../interactions/http/answer.js';
import { ConditionalNotSupported } from '../../interactions/http/conditional-not-supported.js';
import {
  Interaction,
  Operation,
  requiredBody,
  type InteractionRequest,
} from '../../interactions/http/interaction-request.js';
import { refuseUnusedParameters } from '../../interactions/http/unused-parameters.js';
import type { DtoClass } from '../validate-dto.js';
import { describeRoutes, type RouteDescriptions } from './describe-routes.js';
import type { ResourceExamples } from './resource-examples.js';
import type { SystemResourceService } from './system-resource.service.js';

/** Base class of the controllers of system resources. */
export abstract class SystemResourceRoutes {
  protected abstract readonly service: SystemResourceService;
}

/** Makes the base class of one type's controller: its routes, described by the resource's DTO. */
export function systemResourceRoutes(
  Dto: DtoClass,
  examples: ResourceExamples,
): Type<SystemResourceRoutes> {
  const describes = describeRoutes(Dto, examples);

  @ApiExtraModels(Dto)
  abstract class Routes extends changingRoutes(describes) {
    @Post()
    @Operation('FhirCreate')
    @describes.create
    async create(
      @Interaction() request: InteractionRequest,
      @Headers('if-none-exist') ifNoneExist?: string,
    ): Promise<Answer> {
      if (ifNoneExist !== undefined) throw new ConditionalNotSupported('leave If-None-Exist out');
      refuseUnusedParameters(request.query);
      const written = await this.service.create(requiredBody(request), request);
      return this.service.answers(request.family).written(written, request.prefer);
    }

    @Put(':id')
    @Operation('FhirUpdate')
    @describes.update
    async update(@Param('id') id: string, @Interaction() request: InteractionRequest) {
      refuseUnusedParameters(request.query);
      const written = await this.service.update(id, requiredBody(request), request, request);
      return this.service.answers(request.family).written(written, request.prefer);
    }
  }
  return Routes as unknown as Type<SystemResourceRoutes>;
}

/** The route parameters of a version. */
class VersionParams {
  id!: string;
  vid!: string;
}

function changingRoutes(describes: RouteDescriptions) {
  abstract class ChangingRoutes extends readingRoutes(describes) {
    @Patch(':id')
    @Operation('FhirPatch')
    @describes.patch
    async patch(@Param('id') id: string, @Interaction() request: InteractionRequest) {
      refuseUnusedParameters(request.query);
      const written = await this.service.patch(id, requiredBody(request), request, request);
      return this.service.answers(request.family).written(written, request.prefer);
    }

    @Delete(':id')
    @Operation('FhirDelete')
    @describes.remove
    async remove(@Param('id') id: string, @Interaction() request: InteractionRequest) {
      refuseUnusedParameters(request.query);
      const version = await this.service.remove(id, request, request);
      return this.service.answers(request.family).removed(version, request.prefer);
    }
  }
  return ChangingRoutes;
}

function readingRoutes(describes: RouteDescriptions) {
  abstract class ReadingRoutes extends SystemResourceRoutes {
    @Get()
    @Operation('FhirSearch')
    @describes.search
    search(@Interaction() request: InteractionRequest): Promise<Answer> {
      const query = this.service.parseSearch(request.query);
      return this.service.answers(request.family).search(request.query, query);
    }

    @Get('_history')
    @Operation('FhirHistoryType')
    @describes.typeHistory
    typeHistory(@Interaction() request: InteractionRequest): Promise<Answer> {
      return this.service.answers(request.family).history(undefined, request.query);
    }

    @Get(':id')
    @Operation('FhirRead')
    @describes.read
    async read(@Param('id') id: string, @Interaction() request: InteractionRequest) {
      refuseUnusedParameters(request.query);
      const version = await this.service.read(id);
      return this.service.answers(request.family).read(version, request);
    }

    @Get(':id/_history')
    @Operation('FhirHistory')
    @describes.history
    history(@Param('id') id: string, @Interaction() request: InteractionRequest): Promise<Answer> {
      return this.service.answers(request.family).history(id, request.query);
    }

    @Get(':id/_history/:vid')
    @Operation('FhirVread')
    @describes.vread
    async vread(@Param() at: VersionParams, @Interaction() request: InteractionRequest) {
      refuseUnusedParameters(request.query);
      const version = await this.service.vread(at.id, at.vid);
      return this.service.answers(request.family).vread(version);
    }
  }
  return ReadingRoutes;
}
