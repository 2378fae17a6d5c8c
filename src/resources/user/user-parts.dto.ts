import {
  OptionalFlag,
  OptionalOpenObject,
  OptionalReference,
  OptionalText,
} from '../optional-elements.js';
import type { ReferenceDto } from '../reference.dto.js';

/** The components of a person's name (SCIM, RFC 7643 §4.1.1). */
export class UserNameDto {
  @OptionalText({ description: 'The whole name, as it is displayed', example: 'Dr. Ada Lovelace' })
  formatted?: string;

  @OptionalText({ description: 'Last name', example: 'Lovelace' })
  familyName?: string;

  @OptionalText({ description: 'First name', example: 'Ada' })
  givenName?: string;

  @OptionalText({ description: 'Middle names' })
  middleName?: string;

  @OptionalText({ description: 'Title before the name', example: 'Dr.' })
  honorificPrefix?: string;

  @OptionalText({ description: 'What follows the name', example: 'III' })
  honorificSuffix?: string;
}

/** One of several values of the same kind (SCIM, RFC 7643 §2.4). */
export class UserValueDto {
  @OptionalText({ description: 'The value itself', example: 'ada@example.com' }, 65_536)
  value?: string;

  @OptionalText({ description: 'The value as it is displayed' })
  display?: string;

  @OptionalText({ description: 'What it is for', example: 'work' })
  type?: string;

  @OptionalFlag({ description: 'Whether it is the preferred one' })
  primary?: boolean;
}

/** A postal address (SCIM, RFC 7643 §4.1.2). */
export class UserAddressDto {
  @OptionalText({ description: 'The whole address, as it is displayed' })
  formatted?: string;

  @OptionalText({ description: 'Street and house number' })
  streetAddress?: string;

  @OptionalText({ description: 'City' })
  locality?: string;

  @OptionalText({ description: 'State or region' })
  region?: string;

  @OptionalText({ description: 'Postal code' })
  postalCode?: string;

  @OptionalText({ description: 'Country', example: 'GB' })
  country?: string;

  @OptionalText({ description: 'What it is for', example: 'work' })
  type?: string;

  @OptionalFlag({ description: 'Whether it is the preferred one' })
  primary?: boolean;
}

/** By what name a system knows the User (FHIR R4 Identifier). */
export class UserIdentifierDto {
  @OptionalText({ description: 'Purpose of the identifier', example: 'official' })
  use?: string;

  @OptionalOpenObject({ description: 'Kind of identifier, a CodeableConcept' })
  type?: Record<string, unknown>;

  @OptionalText(
    { description: 'Whose identifier it is: `system` of an IdentityProvider', example: 'keycloak' },
    1024,
  )
  system?: string;

  @OptionalText({ description: 'The identifier: `sub` of its tokens', example: '74ae9aaf' }, 1024)
  value?: string;

  @OptionalOpenObject({ description: 'When it is valid, a Period' })
  period?: Record<string, unknown>;

  @OptionalOpenObject({ description: 'Who issued it, a Reference' })
  assigner?: Record<string, unknown>;
}

/** A resource that belongs to the User. */
export class UserLinkDto {
  @OptionalReference({ description: 'The resource', example: { reference: 'Practitioner/p1' } })
  link?: ReferenceDto;

  @OptionalText({ description: 'What it is to the User' })
  type?: string;
}

/** A security label (FHIR R4 Coding). */
export class UserSecurityLabelDto {
  @OptionalText({ description: 'Code system' })
  system?: string;

  @OptionalText({ description: 'Code' })
  code?: string;
}

/** Second factor of a login with a password. */
export class UserTwoFactorDto {
  @OptionalFlag({ description: 'Whether the second factor is asked for' })
  enabled?: boolean;

  @OptionalText({ description: 'How the code reaches the User' })
  transport?: string;

  @OptionalText({ description: 'Key of the time-based codes (RFC 6238). Write-only, never shown.' })
  secretKey?: string;
}
