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
import { IsAudience } from './token-introspector.decorators.js';
import { KEY_TYPES } from './token-introspector.js';
import { JWS_ALGORITHMS } from './verification-key.js';

const MAX_SKEW_SECONDS = 600;
const MAX_TEXT = 2048;
const MAX_KEY_TEXT = 16_384;
const MAX_ENTRIES = 64;
const MAX_KEYS = 16;

/** One key of `jwt.keys`: bound to one algorithm, tried when a token names that algorithm. */
export class TokenIntrospectorKeyDto {
  @IsIn(KEY_TYPES)
  @ApiProperty({
    description: '`OCT` is a shared secret, the others are public keys.',
    enum: KEY_TYPES,
    example: 'RSA',
  })
  kty!: (typeof KEY_TYPES)[number];

  @IsIn(JWS_ALGORITHMS)
  @ApiProperty({
    description: 'The only algorithm that this key verifies',
    enum: JWS_ALGORITHMS,
    example: 'RS256',
  })
  alg!: (typeof JWS_ALGORITHMS)[number];

  @IsIn(['PEM', 'plain'])
  @ApiProperty({
    description: '`PEM` for public keys, `plain` for `OCT`',
    enum: ['PEM', 'plain'],
    example: 'PEM',
  })
  format!: 'PEM' | 'plain';

  @Optional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(MAX_KEY_TEXT)
  @ApiPropertyOptional({
    description: 'Public key or certificate in PEM',
    example: '-----BEGIN PUBLIC KEY-----\n…\n-----END PUBLIC KEY-----',
  })
  pub?: string;

  @Optional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(MAX_KEY_TEXT)
  @ApiPropertyOptional({
    description: 'Shared secret as text. Write-only.',
    writeOnly: true,
    example: 'a secret of at least 32 characters',
  })
  k?: string;
}

/** How signed tokens (RFC 7519) are verified. */
export class TokenIntrospectorJwtDto {
  @Optional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(MAX_TEXT)
  @ApiPropertyOptional({
    description:
      'The issuer whose tokens this introspector judges; must equal the claim, character by character',
    example: 'https://auth.example.com',
  })
  iss?: string;

  @Optional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(MAX_KEY_TEXT)
  @ApiPropertyOptional({
    description: 'Shared secret for HS256, HS384 and HS512. Write-only.',
    writeOnly: true,
    example: 'a secret of at least 32 characters',
  })
  secret?: string;

  @Optional()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(MAX_KEYS)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => TokenIntrospectorKeyDto)
  @ApiPropertyOptional({
    description: 'Keys held in the resource, for issuers that publish none',
    type: () => [TokenIntrospectorKeyDto],
  })
  keys?: TokenIntrospectorKeyDto[];

  @Optional()
  @IsAudience(MAX_ENTRIES, MAX_TEXT)
  @ApiPropertyOptional({
    description:
      'Audiences, one of which a token must name. Without it any token of the issuer is accepted.',
    oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
    example: ['https://fhir.example.com'],
  })
  aud?: string | string[];

  @Optional()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(MAX_ENTRIES)
  @IsString({ each: true })
  @IsNotEmpty({ each: true })
  @MaxLength(MAX_TEXT, { each: true })
  @ApiPropertyOptional({
    description:
      'Issuers that an introspector without `jwt.iss` accepts besides tokens that name none',
    type: [String],
    example: ['https://auth.example.com'],
  })
  issuers?: string[];

  @Optional()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayUnique()
  @IsIn(JWS_ALGORITHMS, { each: true })
  @ApiPropertyOptional({
    description: 'Narrows the algorithms that the keys can verify',
    enum: JWS_ALGORITHMS,
    isArray: true,
    example: ['RS256'],
  })
  algorithms?: (typeof JWS_ALGORITHMS)[number][];

  @Optional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(MAX_TEXT)
  @ApiPropertyOptional({
    description: 'The `typ` header that tokens must bear, e.g. `at+jwt` (RFC 9068).',
    example: 'at+jwt',
  })
  typ?: string;

  @Optional()
  @IsArray()
  @ArrayMaxSize(MAX_ENTRIES)
  @IsString({ each: true })
  @IsNotEmpty({ each: true })
  @MaxLength(MAX_TEXT, { each: true })
  @ApiPropertyOptional({
    description: 'Claims that a token must carry besides `exp`',
    type: [String],
    example: ['sub'],
  })
  required_claims?: string[];

  @Optional()
  @IsBoolean()
  @ApiPropertyOptional({ description: '`false` accepts tokens that never expire', default: true })
  exp_required?: boolean;

  @Optional()
  @IsInt()
  @Min(0)
  @Max(MAX_SKEW_SECONDS)
  @ApiPropertyOptional({
    description: 'Seconds by which the issuer’s clock may differ',
    minimum: 0,
    maximum: MAX_SKEW_SECONDS,
    default: 30,
  })
  clock_skew?: number;
}
