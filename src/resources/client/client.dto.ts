import { IsIn, IsNotEmpty } from 'class-validator';
import {
  OptionalFlag,
  OptionalOpenObject,
  OptionalPart,
  OptionalParts,
  OptionalText,
  OptionalTexts,
} from '../optional-elements.js';
import { ReferenceDto } from '../reference.dto.js';
import { SystemResourceDto } from '../system-resource.dto.js';
import { IsEndpointUrl } from '../token-introspector/token-introspector.decorators.js';
import { ClientAuthDto, ClientKeyDto, ClientScopeDto, ClientSmartDto } from './client-parts.dto.js';

const GRANT_TYPES = [
  'basic',
  'authorization_code',
  'code',
  'password',
  'client_credentials',
  'implicit',
  'refresh_token',
  'urn:ietf:params:oauth:grant-type:token-exchange',
];

/** Client as it travels: an application that authenticates as itself or for its users (spec §5). */
export class ClientDto extends SystemResourceDto {
  @IsNotEmpty()
  @OptionalText({
    description: 'In clear, or as `__sha256:<hex>`. Stored hashed; write-only.',
    example: 'a long random text',
  })
  secret?: string;

  @IsIn(GRANT_TYPES, { each: true })
  @OptionalTexts({
    description: `How it may authenticate: ${GRANT_TYPES.join(', ')}`,
    example: ['basic'],
  })
  grant_types?: string[];

  @OptionalFlag({ description: 'An inactive Client is not authenticated (default true)' })
  active?: boolean;

  @OptionalFlag({ description: 'Users are not asked for consent' })
  first_party?: boolean;

  @OptionalFlag({ description: 'Kept for the application; without effect' })
  trusted?: boolean;

  @OptionalText({ description: 'Kind of application' })
  type?: string;

  @OptionalText({ description: 'Name of the application' })
  name?: string;

  @OptionalText({ description: 'What the application does' })
  description?: string;

  @OptionalTexts({ description: 'Scopes that it may request', example: ['openid', 'profile'] })
  scope?: string[];

  @OptionalParts(() => ClientScopeDto, { description: 'Scopes with the policies they stand for' })
  scopes?: ClientScopeDto[];

  @OptionalParts(() => ReferenceDto, { description: 'Scopes by reference' })
  'allowed-scopes'?: ReferenceDto[];

  @OptionalTexts({
    description:
      'Issuers whose tokens it may exchange (RFC 8693), and whose service accounts of its id stand for it',
  })
  allowedIssuers?: string[];

  @OptionalTexts({ description: 'Origins of its web pages', example: ['https://app.example.com'] })
  allowed_origins?: string[];

  @OptionalParts(() => ClientKeyDto, { description: 'Public keys for client assertions' })
  jwks?: ClientKeyDto[];

  @IsEndpointUrl()
  @OptionalText({ description: 'Where its public keys are published' })
  jwks_uri?: string;

  @OptionalPart(() => ClientSmartDto, { description: 'The Client as a SMART app' })
  smart?: ClientSmartDto;

  @OptionalOpenObject({ description: 'Anything else' })
  details?: Record<string, unknown>;

  @OptionalText({ description: 'Base URL of the FHIR server that it uses' })
  'fhir-base-url'?: string;

  @OptionalPart(() => ClientAuthDto, { description: 'Settings by grant' })
  auth?: ClientAuthDto;
}
