import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsArray, IsIn, IsObject, IsString, ValidateNested } from 'class-validator';
import { Optional } from '../optional.decorator.js';
import { ReferenceDto } from '../reference.dto.js';
import { SystemResourceDto } from '../system-resource.dto.js';

const ENGINES = [
  'allow',
  'matcho',
  'json-schema',
  'sql',
  'complex',
  'matcho-rpc',
  'allow-rpc',
] as const;
const TYPES = ['rest', 'rpc', 'scope'] as const;
const STATUSES = ['active', 'shadow', 'draft'] as const;

/**
 * AccessPolicy as it travels. Which elements belong to which engine, and whether a pattern or schema is
 * sound, is checked by parsing the policy.
 */
export class AccessPolicyDto extends SystemResourceDto {
  /** Evaluation engine; decides which of the engine-specific elements must be there. */
  @IsIn(ENGINES)
  @ApiProperty({ enum: ENGINES, example: 'matcho' })
  engine!: string;

  /** Users, Clients and Operations that the policy is limited to; any one suffices. */
  @Optional()
  @IsArray()
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => ReferenceDto)
  @ApiPropertyOptional({ type: [ReferenceDto] })
  link?: ReferenceDto[];

  /** Only for users that hold a Role of this name. */
  @Optional()
  @IsString()
  @ApiPropertyOptional()
  roleName?: string;

  /** Kind of request that the policy speaks of. */
  @Optional()
  @IsIn(TYPES)
  @ApiPropertyOptional({ enum: TYPES })
  type?: string;

  @Optional()
  @IsString()
  @ApiPropertyOptional()
  description?: string;

  @Optional()
  @IsString()
  @ApiPropertyOptional()
  module?: string;

  /** `shadow` and `draft` policies never allow anything. */
  @Optional()
  @IsIn(STATUSES)
  @ApiPropertyOptional({ enum: STATUSES, default: 'active' })
  status?: string;

  /** Pattern over the request object; for `engine: matcho`. */
  @Optional()
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    example: { jwt: { iss: 'https://auth.example.com' }, 'request-method': 'get' },
  })
  matcho?: unknown;

  /** JSON Schema draft-07 over the request object; for `engine: json-schema`. */
  @Optional()
  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  schema?: unknown;

  /** For `engine: sql`. */
  @Optional()
  @IsObject()
  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  sql?: unknown;

  /** Rules of `engine: complex` that must all hold. */
  @Optional()
  @IsArray()
  @ApiPropertyOptional({ type: 'array', items: { type: 'object' } })
  and?: unknown[];

  /** Rules of `engine: complex` of which one must hold. */
  @Optional()
  @IsArray()
  @ApiPropertyOptional({ type: 'array', items: { type: 'object' } })
  or?: unknown[];

  /** RPC methods; for `engine: matcho-rpc` and `allow-rpc`. */
  @Optional()
  @IsObject()
  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  rpc?: unknown;
}
