import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsObject, IsString, Matches } from 'class-validator';
import { Optional } from './optional.decorator.js';

/** What every system resource may carry besides its own elements. */
export abstract class SystemResourceDto {
  @Optional()
  @IsString()
  @ApiPropertyOptional({ description: 'May be left out: the route names the type' })
  resourceType?: string;

  @Optional()
  @Matches(/^[A-Za-z0-9\-.]{1,64}$/, { message: 'id must be 1 to 64 of A-Z a-z 0-9 - .' })
  @ApiPropertyOptional({
    description: 'Logical id. On PUT the id of the URL wins.',
    pattern: '^[A-Za-z0-9\\-.]{1,64}$',
  })
  id?: string;

  @Optional()
  @IsObject()
  @ApiPropertyOptional({
    description: '`versionId` and `lastUpdated` are the server’s',
    type: 'object',
    additionalProperties: true,
  })
  meta?: Record<string, unknown>;
}
