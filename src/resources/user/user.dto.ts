import { IsNotEmpty } from 'class-validator';
import {
  OptionalFlag,
  OptionalOpenObject,
  OptionalPart,
  OptionalParts,
  OptionalReference,
  OptionalText,
} from '../optional-elements.js';
import type { ReferenceDto } from '../reference.dto.js';
import { SystemResourceDto } from '../system-resource.dto.js';
import {
  UserAddressDto,
  UserIdentifierDto,
  UserLinkDto,
  UserNameDto,
  UserSecurityLabelDto,
  UserTwoFactorDto,
  UserValueDto,
} from './user-parts.dto.js';

const MAX_UNIQUE_TEXT = 320;
/** Longest password, in characters. */
export const MAX_PASSWORD = 1024;

/** User as it travels: who may be authenticated, shaped after SCIM (RFC 7643; spec §5). */
export class UserDto extends SystemResourceDto {
  @IsNotEmpty()
  @OptionalText(
    { description: 'Login name; unique, whatever its case', example: 'ada' },
    MAX_UNIQUE_TEXT,
  )
  userName?: string;

  @OptionalText(
    {
      description: 'In clear, or as `$s0$<params>$<salt>$<hash>`. Stored hashed, never shown.',
      example: 'correct horse battery staple',
    },
    MAX_PASSWORD,
  )
  password?: string;

  @IsNotEmpty()
  @OptionalText(
    { description: 'Primary e-mail; unique, whatever its case', example: 'ada@example.com' },
    MAX_UNIQUE_TEXT,
  )
  email?: string;

  @OptionalText({ description: 'Primary phone number', example: '+441234567890' })
  phoneNumber?: string;

  @OptionalPart(() => UserNameDto, { description: 'Name of the person' })
  name?: UserNameDto;

  @OptionalText({ description: 'Name as it is displayed', example: 'Ada Lovelace' })
  displayName?: string;

  @OptionalText({ description: 'Position', example: 'Head of Radiology' })
  title?: string;

  @OptionalText({ description: 'Relationship to the organization', example: 'Employee' })
  userType?: string;

  @OptionalText({ description: 'Gender' })
  gender?: string;

  @OptionalText({ description: 'URL of the primary photo' })
  photo?: string;

  @OptionalText({ description: 'URL of the profile page' })
  profileUrl?: string;

  @OptionalText({ description: 'Locale for formatting', example: 'en-GB' })
  locale?: string;

  @OptionalText({ description: 'Time zone (IANA)', example: 'Europe/London' })
  timezone?: string;

  @OptionalText({ description: 'Preferred language', example: 'en' })
  preferredLanguage?: string;

  @OptionalFlag({ description: 'Deprecated and without effect: use `inactive`' })
  active?: boolean;

  @OptionalFlag({ description: 'An inactive User is not authenticated, whatever the credential' })
  inactive?: boolean;

  @OptionalReference({
    description:
      'The Patient, Practitioner, PractitionerRole, Person or RelatedPerson it stands for',
    example: { reference: 'Practitioner/p1' },
  })
  fhirUser?: ReferenceDto;

  @OptionalParts(() => UserIdentifierDto, { description: 'Names of the User in other systems' })
  identifier?: UserIdentifierDto[];

  @OptionalOpenObject({ description: 'Anything else', example: { practitioner_id: 'p1' } })
  data?: Record<string, unknown>;

  @OptionalParts(() => UserValueDto, { description: 'E-mail addresses' })
  emails?: UserValueDto[];

  @OptionalParts(() => UserValueDto, { description: 'Phone numbers' })
  phoneNumbers?: UserValueDto[];

  @OptionalParts(() => UserAddressDto, { description: 'Postal addresses' })
  addresses?: UserAddressDto[];

  @OptionalParts(() => UserValueDto, { description: 'Instant messaging addresses' })
  ims?: UserValueDto[];

  @OptionalParts(() => UserValueDto, { description: 'URLs of photos' })
  photos?: UserValueDto[];

  @OptionalParts(() => UserValueDto, { description: 'Entitlements' })
  entitlements?: UserValueDto[];

  @OptionalParts(() => UserValueDto, {
    description: 'Descriptive only: access follows Role resources',
  })
  roles?: UserValueDto[];

  @OptionalParts(() => UserValueDto, { description: 'X.509 certificates, base64' })
  x509Certificates?: UserValueDto[];

  @OptionalText({ description: 'Employee number' })
  employeeNumber?: string;

  @OptionalText({ description: 'Cost center' })
  costCenter?: string;

  @OptionalText({ description: 'Department' })
  department?: string;

  @OptionalText({ description: 'Division' })
  division?: string;

  @OptionalReference({ description: 'The manager, a User', example: { reference: 'User/boss' } })
  manager?: ReferenceDto;

  @OptionalReference({ description: 'The Organization', example: { reference: 'Organization/o1' } })
  organization?: ReferenceDto;

  @OptionalParts(() => UserSecurityLabelDto, { description: 'Security labels' })
  securityLabel?: UserSecurityLabelDto[];

  @OptionalParts(() => UserLinkDto, { description: 'Resources that belong to the User' })
  link?: UserLinkDto[];

  @OptionalPart(() => UserTwoFactorDto, { description: 'Second factor' })
  twoFactor?: UserTwoFactorDto;
}
