import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsNotEmpty, IsObject, IsString, MaxLength, ValidateNested } from 'class-validator';
import {
  OptionalOpenObject,
  OptionalPart,
  OptionalReference,
  OptionalText,
} from '../optional-elements.js';
import { ReferenceDto } from '../reference.dto.js';
import { SystemResourceDto } from '../system-resource.dto.js';

const MAX_NAME = 512;

/** Resources that policies may open to whoever holds the Role. */
export class RoleLinksDto {
  @OptionalReference({ description: 'A Patient', example: { reference: 'Patient/pt1' } })
  patient?: ReferenceDto;

  @OptionalReference({ description: 'A Practitioner', example: { reference: 'Practitioner/p1' } })
  practitioner?: ReferenceDto;

  @OptionalReference({
    description: 'A PractitionerRole',
    example: { reference: 'PractitionerRole/pr1' },
  })
  practitionerRole?: ReferenceDto;

  @OptionalReference({ description: 'An Organization', example: { reference: 'Organization/o1' } })
  organization?: ReferenceDto;

  @OptionalReference({ description: 'A Person', example: { reference: 'Person/pe1' } })
  person?: ReferenceDto;

  @OptionalReference({
    description: 'A RelatedPerson',
    example: { reference: 'RelatedPerson/rp1' },
  })
  relatedPerson?: ReferenceDto;
}

/** Role as it travels: one role of one User; the same role of several is several Roles (spec §5). */
export class RoleDto extends SystemResourceDto {
  @IsString()
  @IsNotEmpty()
  @MaxLength(MAX_NAME)
  @ApiProperty({
    description: 'What policies name in `roleName`',
    maxLength: MAX_NAME,
    example: 'practitioner',
  })
  name!: string;

  @IsObject()
  @ValidateNested()
  @Type(() => ReferenceDto)
  @ApiProperty({
    description: 'Who holds the Role. The User may be created later.',
    type: () => ReferenceDto,
    example: { reference: 'User/some-user-id' },
  })
  user!: ReferenceDto;

  @OptionalPart(() => RoleLinksDto, { description: 'Resources that belong to the Role' })
  links?: RoleLinksDto;

  @OptionalOpenObject({ description: 'Anything else that policies may look at' })
  context?: Record<string, unknown>;

  @OptionalText({ description: 'What the Role is for' })
  description?: string;
}
