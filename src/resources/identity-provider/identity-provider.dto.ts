import { ArrayMaxSize, IsNotEmpty, Matches } from 'class-validator';
import {
  OptionalCode,
  OptionalFlag,
  OptionalOpenObject,
  OptionalPart,
  OptionalParts,
  OptionalText,
  OptionalTexts,
} from '../optional-elements.js';
import { SystemResourceDto } from '../system-resource.dto.js';
import { IsEndpointUrl } from '../token-introspector/token-introspector.decorators.js';
import { SERVICE_ACCOUNTS, USERINFO_SOURCES } from './identity-provider.js';
import { MAX_ROLE_RULES } from './role-mapping.js';
import { RoleMappingDto } from './role-mapping.dto.js';

const TYPES = ['aidbox', 'github', 'google', 'OIDC', 'OAuth', 'az-dev', 'yandex', 'okta', 'apple'];
const MAX_SYSTEM = 512;
const MAX_KEY = 16_384;

/** What Wardgate is to the identity provider: its OAuth client. */
export class IdentityProviderClientDto {
  @OptionalText({ description: 'Client id', example: 'wardgate' })
  id?: string;

  @IsNotEmpty()
  @OptionalText({ description: 'Client secret. Write-only.' })
  secret?: string;

  @OptionalText({ description: 'Where the provider sends users back to' })
  redirect_uri?: string;

  @OptionalCode(['symmetric', 'asymmetric'], { description: 'By secret, or by private key' })
  'auth-method'?: string;

  @IsNotEmpty()
  @OptionalText({ description: 'Private key in PEM. Write-only.' }, MAX_KEY)
  'private-key'?: string;

  @OptionalText({ description: 'Certificate of the private key, in PEM' }, MAX_KEY)
  certificate?: string;

  @OptionalText({ description: 'Thumbprint of the certificate' })
  'certificate-thumbprint'?: string;

  @OptionalText({ description: 'When the credentials were made' })
  'creds-ts'?: string;
}

/** IdentityProvider as it travels: who knows the users, and where to ask about them (spec §4). */
export class IdentityProviderDto extends SystemResourceDto {
  @OptionalCode(TYPES, { description: 'Kind of provider' })
  type?: string;

  @OptionalText({ description: 'Name shown to users', example: 'Keycloak' })
  title?: string;

  @OptionalFlag({ description: 'An inactive provider creates no Users (default true)' })
  active?: boolean;

  @IsNotEmpty()
  @OptionalText(
    {
      description: '`system` of the identifiers of its users; unique over active providers',
      example: 'keycloak',
    },
    MAX_SYSTEM,
  )
  system?: string;

  @OptionalTexts({ description: 'Scopes asked for', example: ['openid', 'profile'] })
  scopes?: string[];

  @IsEndpointUrl()
  @OptionalText({ description: 'Where users sign in (RFC 6749 §3.1)' })
  authorize_endpoint?: string;

  @IsEndpointUrl()
  @OptionalText({ description: 'Token endpoint (RFC 6749 §3.2)' })
  token_endpoint?: string;

  @IsEndpointUrl()
  @OptionalText({
    description: 'Userinfo endpoint (OpenID Connect Core §5.3)',
    example: 'http://keycloak:8180/realms/myrealm/protocol/openid-connect/userinfo',
  })
  userinfo_endpoint?: string;

  @OptionalCode(USERINFO_SOURCES, {
    description: 'Where attributes come from; by default the userinfo endpoint if there is one',
  })
  'userinfo-source'?: string;

  @Matches(/^[A-Za-z][A-Za-z0-9._~-]{0,31}$/, {
    message: 'userinfo_header is one word, the scheme of the Authorization header',
  })
  @OptionalText({ description: 'Scheme under which the token is sent there', example: 'OAuth' })
  userinfo_header?: string;

  @IsEndpointUrl()
  @OptionalText({ description: 'Introspection endpoint (RFC 7662)' })
  introspection_endpoint?: string;

  @IsEndpointUrl()
  @OptionalText({ description: 'Registration endpoint (RFC 7591)' })
  registration_endpoint?: string;

  @IsEndpointUrl()
  @OptionalText({ description: 'Revocation endpoint (RFC 7009)' })
  revocation_endpoint?: string;

  @IsEndpointUrl()
  @OptionalText({ description: 'Where its keys are published (RFC 7517 §5)' })
  jwks_uri?: string;

  @IsEndpointUrl()
  @OptionalText({ description: 'Base URL of the provider' })
  base_url?: string;

  @OptionalPart(() => IdentityProviderClientDto, {
    description: 'The OAuth client at the provider',
  })
  client?: IdentityProviderClientDto;

  @OptionalOpenObject({
    description: 'Claims to copy, each with its path in the User',
    example: { email: ['email'], given_name: ['name', 'givenName'] },
  })
  toScim?: Record<string, unknown>;

  @OptionalFlag({ description: 'Whether the provider speaks SCIM' })
  isScim?: boolean;

  @OptionalFlag({ description: 'Whether its e-mails are unique' })
  isEmailUniqueness?: boolean;

  @OptionalTexts({ description: 'Organizations whose members may sign in (GitHub)' })
  organizations?: string[];

  @OptionalText({ description: 'Key id (Apple)' })
  kid?: string;

  @OptionalText({ description: 'Team id (Apple)' })
  team_id?: string;

  @OptionalFlag({ description: 'Links new subjects to the User that has their verified e-mail' })
  linkByEmail?: boolean;

  @ArrayMaxSize(MAX_ROLE_RULES)
  @OptionalParts(() => RoleMappingDto, {
    description: 'Which values of which claims stand for which Roles, as long as a token says so',
  })
  roleMapping?: RoleMappingDto[];

  @OptionalCode(SERVICE_ACCOUNTS, {
    description:
      'What tokens of its service accounts stand for: Users (default), or the Clients that allow it',
  })
  serviceAccounts?: string;
}
