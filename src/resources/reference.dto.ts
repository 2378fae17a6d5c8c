import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsNotEmpty, IsObject, IsString } from 'class-validator';
import { Optional } from './optional.decorator.js';

/**
 * A reference in the FHIR form, which is what is stored; the `{resourceType, id}` form is converted
 * before validation and on the way out (spec §1, references).
 */
export class ReferenceDto {
  @IsString()
  @IsNotEmpty()
  @ApiProperty({ example: 'User/some-user-id' })
  reference!: string;

  @Optional()
  @IsString()
  @ApiPropertyOptional()
  type?: string;

  @Optional()
  @IsString()
  @ApiPropertyOptional()
  display?: string;

  @Optional()
  @IsObject()
  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  identifier?: Record<string, unknown>;
}
