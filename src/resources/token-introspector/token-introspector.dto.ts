import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsObject,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { Optional } from '../optional.decorator.js';
import { ReferenceDto } from '../reference.dto.js';
import { SystemResourceDto } from '../system-resource.dto.js';
import { TokenIntrospectorJwtDto } from './token-introspector-jwt.dto.js';
import { IsEndpointUrl, IsTrustedUser } from './token-introspector.decorators.js';
import { INTROSPECTOR_TYPES, USER_RESOLUTIONS } from './token-introspector.js';

const MAX_TTL_SECONDS = 86_400;
const MAX_TEXT = 16_384;
const MAX_ENTRIES = 64;

/** The introspection endpoint (RFC 7662) that opaque tokens and cookies are sent to. */
export class IntrospectionEndpointDto {
  @IsEndpointUrl()
  @ApiProperty({ example: 'https://auth.example.com/introspect' })
  url!: string;

  @Optional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(MAX_TEXT)
  @ApiPropertyOptional({
    description: 'Sent as the Authorization header. Write-only.',
    writeOnly: true,
    example: 'Basic Y2xpZW50OnNlY3JldA==',
  })
  authorization?: string;
}

/** TokenIntrospector as it travels: which foreign tokens are trusted, and by what proof (spec §2). */
export class TokenIntrospectorDto extends SystemResourceDto {
  @IsIn(INTROSPECTOR_TYPES)
  @ApiProperty({
    description: '`jwt` verifies signatures itself, `opaque` and `aspxauth` ask an endpoint',
    enum: INTROSPECTOR_TYPES,
    example: 'jwt',
  })
  type!: (typeof INTROSPECTOR_TYPES)[number];

  @Optional()
  @IsBoolean()
  @ApiPropertyOptional({
    description:
      'An inactive introspector authenticates nothing, and no other accepts tokens of its issuer',
    default: true,
  })
  active?: boolean;

  @Optional()
  @IsObject()
  @ValidateNested()
  @Type(() => TokenIntrospectorJwtDto)
  @ApiPropertyOptional({ type: () => TokenIntrospectorJwtDto })
  jwt?: TokenIntrospectorJwtDto;

  @Optional()
  @IsEndpointUrl()
  @ApiPropertyOptional({
    description: 'Where the issuer publishes its keys (RFC 7517 §5)',
    example: 'https://auth.example.com/.well-known/jwks.json',
  })
  jwks_uri?: string;

  @Optional()
  @IsObject()
  @ValidateNested()
  @Type(() => IntrospectionEndpointDto)
  @ApiPropertyOptional({ type: () => IntrospectionEndpointDto })
  introspection_endpoint?: IntrospectionEndpointDto;

  @Optional()
  @IsInt()
  @Min(1)
  @Max(MAX_TTL_SECONDS)
  @ApiPropertyOptional({
    description: 'Seconds for which keys (jwt) or answers (opaque, aspxauth) are kept',
    minimum: 1,
    maximum: MAX_TTL_SECONDS,
    default: 300,
  })
  cache_ttl?: number;

  @Optional()
  @IsInt()
  @Min(0)
  @Max(MAX_TTL_SECONDS)
  @ApiPropertyOptional({
    description:
      'Seconds beyond `cache_ttl` for which they still serve while the issuer cannot be reached',
    minimum: 0,
    maximum: MAX_TTL_SECONDS,
    default: 0,
  })
  stale_if_error?: number;

  @Optional()
  @IsObject()
  @ValidateNested()
  @Type(() => ReferenceDto)
  @ApiPropertyOptional({
    description: 'The IdentityProvider that names and creates the users of these tokens',
    type: () => ReferenceDto,
    example: { reference: 'IdentityProvider/kc' },
  })
  identity_provider?: ReferenceDto;

  @Optional()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayUnique()
  @IsIn(USER_RESOLUTIONS, { each: true })
  @ApiPropertyOptional({
    description: 'How the User behind a token is found, in this order',
    enum: USER_RESOLUTIONS,
    isArray: true,
  })
  user_resolution?: (typeof USER_RESOLUTIONS)[number][];

  @Optional()
  @IsArray()
  @ArrayMaxSize(MAX_ENTRIES)
  @IsTrustedUser({ each: true })
  @ApiPropertyOptional({
    description: 'Privileged Users that these tokens may speak for all the same: ids or references',
    type: 'array',
    items: {},
    example: ['some-user-id'],
  })
  trusted_users?: unknown[];

  @Optional()
  @IsBoolean()
  @ApiPropertyOptional({
    description:
      'Also accept ID tokens, which are made for a client to read and not to call an API with',
    default: false,
  })
  accept_id_token?: boolean;

  @Optional()
  @IsBoolean()
  @ApiPropertyOptional({
    description: 'Send JWTs to the introspection endpoint, too',
    default: false,
  })
  accept_jwt?: boolean;

  @Optional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(256)
  @ApiPropertyOptional({
    description: 'Regular expression; tokens that it does not find are not sent to the endpoint',
    example: '^opaque-',
  })
  token_pattern?: string;
}
