import { ApiProperty } from '@nestjs/swagger';
import { IsNotEmpty, ValidateBy } from 'class-validator';
import { OptionalText } from '../optional-elements.js';
import { claimPath, isRolePrefix, MAX_ROLE_NAME } from './role-mapping.js';

const MAX_PREFIX = 64;

/** One entry of `roleMapping`: a value of a claim and the Role that it stands for, or a prefix for all values. */
export class RoleMappingDto {
  @IsClaimPath()
  @ApiProperty({
    description: 'Where the values are: a list of names, or the name of one outermost claim',
    oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
    example: ['realm_access', 'roles'],
  })
  claim!: string | string[];

  @IsNotEmpty()
  @OptionalText({ description: 'The value, compared exactly', example: 'doctor' }, MAX_ROLE_NAME)
  value?: string;

  @IsNotEmpty()
  @OptionalText(
    { description: 'Name of the Role that the value stands for', example: 'practitioner' },
    MAX_ROLE_NAME,
  )
  role?: string;

  @IsPrefix()
  @OptionalText(
    {
      description:
        'In place of value and role: each value is a Role of this prefix and the value. Ends with a colon or a slash.',
      example: 'okta:',
    },
    MAX_PREFIX,
  )
  prefix?: string;
}

function IsClaimPath(): PropertyDecorator {
  return ValidateBy({
    name: 'isClaimPath',
    validator: {
      validate: (claim: unknown) => claimPath(claim) !== undefined,
      defaultMessage: () =>
        'claim is the name of a claim, or a list of 1 to 8 names such as [realm_access, roles]',
    },
  });
}

function IsPrefix(): PropertyDecorator {
  return ValidateBy({
    name: 'isPrefix',
    validator: {
      validate: isRolePrefix,
      defaultMessage: () =>
        'prefix has letters, digits, dots, hyphens and underscores and ends with a colon or a slash, as in okta:',
    },
  });
}
