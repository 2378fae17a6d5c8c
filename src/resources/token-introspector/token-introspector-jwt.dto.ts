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
  /** `OCT` is a shared secret, the others are public keys. */
  @IsIn(KEY_TYPES)
  @ApiProperty({ enum: KEY_TYPES, example: 'RSA' })
  kty!: (typeof KEY_TYPES)[number];

  /** The only algorithm that this key verifies. */
  @IsIn(JWS_ALGORITHMS)
  @ApiProperty({ enum: JWS_ALGORITHMS, example: 'RS256' })
  alg!: (typeof JWS_ALGORITHMS)[number];

  /** `PEM` for public keys, `plain` for `OCT`. */
  @IsIn(['PEM', 'plain'])
  @ApiProperty({ enum: ['PEM', 'plain'], example: 'PEM' })
  format!: 'PEM' | 'plain';

  /** Public key or certificate in PEM. */
  @Optional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(MAX_KEY_TEXT)
  @ApiPropertyOptional({ example: '-----BEGIN PUBLIC KEY-----\n…\n-----END PUBLIC KEY-----' })
  pub?: string;

  /** Shared secret as text. Write-only. */
  @Optional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(MAX_KEY_TEXT)
  @ApiPropertyOptional({ writeOnly: true, example: 'a secret of at least 32 characters' })
  k?: string;
}

/** How signed tokens (RFC 7519) are verified. */
export class TokenIntrospectorJwtDto {
  /** The issuer whose tokens this introspector judges; must equal the claim, character by character. */
  @Optional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(MAX_TEXT)
  @ApiPropertyOptional({ example: 'https://auth.example.com' })
  iss?: string;

  /** Shared secret for HS256, HS384 and HS512. Write-only. */
  @Optional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(MAX_KEY_TEXT)
  @ApiPropertyOptional({ writeOnly: true, example: 'a secret of at least 32 characters' })
  secret?: string;

  /** Keys held in the resource, for issuers that publish none. */
  @Optional()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(MAX_KEYS)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => TokenIntrospectorKeyDto)
  @ApiPropertyOptional({ type: () => [TokenIntrospectorKeyDto] })
  keys?: TokenIntrospectorKeyDto[];

  /** Audiences, one of which a token must name. Without it any token of the issuer is accepted. */
  @Optional()
  @IsAudience(MAX_ENTRIES, MAX_TEXT)
  @ApiPropertyOptional({
    oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
    example: ['https://fhir.example.com'],
  })
  aud?: string | string[];

  /** Issuers that an introspector without `jwt.iss` accepts besides tokens that name none. */
  @Optional()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(MAX_ENTRIES)
  @IsString({ each: true })
  @IsNotEmpty({ each: true })
  @MaxLength(MAX_TEXT, { each: true })
  @ApiPropertyOptional({ type: [String], example: ['https://auth.example.com'] })
  issuers?: string[];

  /** Narrows the algorithms that the keys can verify. */
  @Optional()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayUnique()
  @IsIn(JWS_ALGORITHMS, { each: true })
  @ApiPropertyOptional({ enum: JWS_ALGORITHMS, isArray: true, example: ['RS256'] })
  algorithms?: (typeof JWS_ALGORITHMS)[number][];

  /** The `typ` header that tokens must bear, e.g. `at+jwt` (RFC 9068). */
  @Optional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(MAX_TEXT)
  @ApiPropertyOptional({ example: 'at+jwt' })
  typ?: string;

  /** Claims that a token must carry besides `exp`. */
  @Optional()
  @IsArray()
  @ArrayMaxSize(MAX_ENTRIES)
  @IsString({ each: true })
  @IsNotEmpty({ each: true })
  @MaxLength(MAX_TEXT, { each: true })
  @ApiPropertyOptional({ type: [String], example: ['sub'] })
  required_claims?: string[];

  /** `false` accepts tokens that never expire. */
  @Optional()
  @IsBoolean()
  @ApiPropertyOptional({ default: true })
  exp_required?: boolean;

  /** Seconds by which the issuer's clock may differ. */
  @Optional()
  @IsInt()
  @Min(0)
  @Max(MAX_SKEW_SECONDS)
  @ApiPropertyOptional({ minimum: 0, maximum: MAX_SKEW_SECONDS, default: 30 })
  clock_skew?: number;
}
