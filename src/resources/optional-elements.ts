import { applyDecorators, type Type as ClassOf } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { Optional } from './optional.decorator.js';
import { ReferenceDto } from './reference.dto.js';

const MAX_TEXT = 4096;
const MAX_ENTRIES = 1000;

/** What the description of the API says about an element. */
interface Described {
  readonly description: string;
  readonly example?: unknown;
}

/** An optional string of at most `max` (4096) characters. */
export function OptionalText(described: Described, max = MAX_TEXT): PropertyDecorator {
  return applyDecorators(
    Optional(),
    IsString(),
    MaxLength(max),
    ApiPropertyOptional({ type: String, maxLength: max, ...described }),
  );
}

/** An optional list of strings, at most 1000 of 4096 characters each. */
export function OptionalTexts(described: Described): PropertyDecorator {
  return applyDecorators(
    Optional(),
    IsArray(),
    ArrayMaxSize(MAX_ENTRIES),
    IsString({ each: true }),
    MaxLength(MAX_TEXT, { each: true }),
    ApiPropertyOptional({ type: [String], ...described }),
  );
}

/** An optional string out of a closed list. */
export function OptionalCode(codes: readonly string[], described: Described): PropertyDecorator {
  return applyDecorators(
    Optional(),
    IsIn(codes),
    ApiPropertyOptional({ enum: [...codes], ...described }),
  );
}

/** An optional boolean. */
export function OptionalFlag(described: Described): PropertyDecorator {
  return applyDecorators(
    Optional(),
    IsBoolean(),
    ApiPropertyOptional({ type: Boolean, ...described }),
  );
}

/** An optional number of seconds, from 1 to ten years. */
export function OptionalSeconds(described: Described): PropertyDecorator {
  const max = 315_360_000;
  return applyDecorators(
    Optional(),
    IsInt(),
    Min(1),
    Max(max),
    ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: max, ...described }),
  );
}

/** An optional object whose elements the class names. */
export function OptionalPart(part: () => ClassOf, described: Described): PropertyDecorator {
  return applyDecorators(
    Optional(),
    // Nested validation alone would look through an array.
    IsObject(),
    ValidateNested(),
    Type(part),
    ApiPropertyOptional({ ...typed(part), ...described }),
  );
}

/** An optional list of objects whose elements the class names. */
export function OptionalParts(part: () => ClassOf, described: Described): PropertyDecorator {
  return applyDecorators(
    Optional(),
    IsArray(),
    ArrayMaxSize(MAX_ENTRIES),
    IsObject({ each: true }),
    ValidateNested({ each: true }),
    Type(part),
    ApiPropertyOptional({ ...typed(part), isArray: true, ...described }),
  );
}

/** Swagger knows a class that is named later only by a function whose own name is `type`. */
function typed(part: () => ClassOf): { type: () => ClassOf } {
  return { type: () => part() };
}

/** An optional reference; what it may refer to is for the type's own rules. */
export function OptionalReference(described: Described): PropertyDecorator {
  return OptionalPart(() => ReferenceDto, described);
}

/** An optional object with elements of any name. */
export function OptionalOpenObject(described: Described): PropertyDecorator {
  return applyDecorators(
    Optional(),
    IsObject(),
    ApiPropertyOptional({ type: 'object', additionalProperties: true, ...described }),
  );
}
