import { Delete, Get, Param, Patch, Post, Put, type Type } from '@nestjs/common';
import { ApiExtraModels } from '@nestjs/swagger';
import type { Answer } from '../../interactions/http/answer.js';
import {
  Interaction,
  Operation,
  requiredBody,
  type InteractionRequest,
} from '../../interactions/http/interaction-request.js';
import type { DtoClass } from '../validate-dto.js';
import { DescribesPatch, DescribesRead, DescribesWrite, Summary } from './describe-routes.js';
import type { SystemResourceService } from './system-resource.service.js';

/** Base class of the controllers of system resources. */
export abstract class SystemResourceRoutes {
  protected abstract readonly service: SystemResourceService;
}

/** Makes the base class of one type's controller: its routes, described by the resource's DTO. */
export function systemResourceRoutes(Dto: DtoClass): Type<SystemResourceRoutes> {
  @ApiExtraModels(Dto)
  abstract class Routes extends readingRoutes(Dto) {
    @Post()
    @Operation('FhirCreate')
    @Summary('Create')
    @DescribesWrite(Dto)
    async create(@Interaction() request: InteractionRequest): Promise<Answer> {
      const written = await this.service.create(requiredBody(request), request);
      return this.service.answers(request.family).written(written, request.prefer);
    }

    @Put(':id')
    @Operation('FhirUpdate')
    @Summary('Create or replace')
    @DescribesWrite(Dto)
    async update(@Param('id') id: string, @Interaction() request: InteractionRequest) {
      const written = await this.service.update(id, requiredBody(request), request, request);
      return this.service.answers(request.family).written(written, request.prefer);
    }

    @Patch(':id')
    @Operation('FhirPatch')
    @Summary('Change by JSON Patch or Merge Patch')
    @DescribesPatch(Dto)
    async patch(@Param('id') id: string, @Interaction() request: InteractionRequest) {
      const written = await this.service.patch(id, requiredBody(request), request, request);
      return this.service.answers(request.family).written(written, request.prefer);
    }

    @Delete(':id')
    @Operation('FhirDelete')
    @Summary('Delete')
    async remove(@Param('id') id: string, @Interaction() request: InteractionRequest) {
      const version = await this.service.remove(id, request);
      return this.service.answers(request.family).removed(version);
    }
  }
  return Routes as unknown as Type<SystemResourceRoutes>;
}

/** The route parameters of a version. */
class VersionParams {
  id!: string;
  vid!: string;
}

function readingRoutes(Dto: DtoClass) {
  abstract class ReadingRoutes extends SystemResourceRoutes {
    @Get()
    @Operation('FhirSearch')
    @Summary('Search')
    search(@Interaction() request: InteractionRequest): Promise<Answer> {
      const query = this.service.parseSearch(request.query);
      return this.service.answers(request.family).search(request.query, query);
    }

    @Get('_history')
    @Operation('FhirHistoryType')
    @Summary('History of the type')
    typeHistory(@Interaction() request: InteractionRequest): Promise<Answer> {
      return this.service.answers(request.family).history(undefined, request.query);
    }

    @Get(':id')
    @Operation('FhirRead')
    @Summary('Read')
    @DescribesRead(Dto)
    async read(@Param('id') id: string, @Interaction() request: InteractionRequest) {
      const version = await this.service.read(id);
      return this.service.answers(request.family).read(version, request.ifNoneMatch);
    }

    @Get(':id/_history')
    @Operation('FhirHistory')
    @Summary('History of one resource')
    history(@Param('id') id: string, @Interaction() request: InteractionRequest): Promise<Answer> {
      return this.service.answers(request.family).history(id, request.query);
    }

    @Get(':id/_history/:vid')
    @Operation('FhirVread')
    @Summary('Read one version')
    @DescribesRead(Dto)
    async vread(@Param() at: VersionParams, @Interaction() request: InteractionRequest) {
      const version = await this.service.vread(at.id, at.vid);
      return this.service.answers(request.family).vread(version);
    }
  }
  return ReadingRoutes;
}
