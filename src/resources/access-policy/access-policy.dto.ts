import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsArray, IsIn, IsObject, IsString, ValidateNested } from 'class-validator';
import { POLICY_ENGINES, POLICY_STATUSES, POLICY_TYPES } from '../../policy/policy.js';
import { Optional } from '../optional.decorator.js';
import { ReferenceDto } from '../reference.dto.js';
import { SystemResourceDto } from '../system-resource.dto.js';

/**
 * AccessPolicy as it travels. Which elements belong to which engine, and whether a pattern or schema is
 * sound, is checked by parsing the policy.
 */
export class AccessPolicyDto extends SystemResourceDto {
  @IsIn(POLICY_ENGINES)
  @ApiProperty({
    description: 'Evaluation engine; decides which of the engine-specific elements must be there',
    enum: POLICY_ENGINES,
    example: 'matcho',
  })
  engine!: string;

  @Optional()
  @IsArray()
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => ReferenceDto)
  @ApiPropertyOptional({
    description: 'Users, Clients and Operations that the policy is limited to; any one suffices',
    type: [ReferenceDto],
  })
  link?: ReferenceDto[];

  @Optional()
  @IsString()
  @ApiPropertyOptional({ description: 'Only for users that hold a Role of this name' })
  roleName?: string;

  @Optional()
  @IsIn(POLICY_TYPES)
  @ApiPropertyOptional({
    description: 'Kind of request that the policy speaks of',
    enum: POLICY_TYPES,
  })
  type?: string;

  @Optional()
  @IsString()
  @ApiPropertyOptional({ description: 'What the policy is for' })
  description?: string;

  @Optional()
  @IsString()
  @ApiPropertyOptional({ description: 'What it belongs to; without effect' })
  module?: string;

  @Optional()
  @IsIn(POLICY_STATUSES)
  @ApiPropertyOptional({
    description:
      '`shadow` and `draft` policies never allow anything; what a shadow would have done is recorded',
    enum: POLICY_STATUSES,
    default: 'active',
  })
  status?: string;

  @Optional()
  @IsArray()
  @ApiPropertyOptional({
    description:
      'Requests and what this policy alone makes of them; a write whose tests fail is refused',
    type: 'array',
    items: {
      type: 'object',
      required: ['name', 'request', 'expect'],
      properties: {
        name: { type: 'string' },
        request: { type: 'object', additionalProperties: true },
        expect: { type: 'string', enum: ['allow', 'deny'] },
      },
    },
  })
  tests?: unknown[];

  @Optional()
  @ApiPropertyOptional({
    description: 'Pattern over the request object; for `engine: matcho`',
    type: 'object',
    additionalProperties: true,
    example: { jwt: { iss: 'https://auth.example.com' }, 'request-method': 'get' },
  })
  matcho?: unknown;

  @Optional()
  @ApiPropertyOptional({
    description: 'JSON Schema draft-07 over the request object; for `engine: json-schema`',
    type: 'object',
    additionalProperties: true,
  })
  schema?: unknown;

  @Optional()
  @IsObject()
  @ApiPropertyOptional({
    description: 'For `engine: sql`',
    type: 'object',
    additionalProperties: true,
  })
  sql?: unknown;

  @Optional()
  @IsArray()
  @ApiPropertyOptional({
    description: 'Rules of `engine: complex` that must all hold',
    type: 'array',
    items: { type: 'object' },
  })
  and?: unknown[];

  @Optional()
  @IsArray()
  @ApiPropertyOptional({
    description: 'Rules of `engine: complex` of which one must hold',
    type: 'array',
    items: { type: 'object' },
  })
  or?: unknown[];

  @Optional()
  @IsObject()
  @ApiPropertyOptional({
    description: 'RPC methods; for `engine: matcho-rpc` and `allow-rpc`',
    type: 'object',
    additionalProperties: true,
  })
  rpc?: unknown;
}
