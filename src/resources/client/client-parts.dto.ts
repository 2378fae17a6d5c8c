import {
  OptionalCode,
  OptionalFlag,
  OptionalOpenObject,
  OptionalPart,
  OptionalReference,
  OptionalSeconds,
  OptionalText,
  OptionalTexts,
} from '../optional-elements.js';
import type { ReferenceDto } from '../reference.dto.js';

const ASSERTION_TYPES = ['urn:ietf:params:oauth:client-assertion-type:jwt-bearer'];

/** How tokens of one grant are issued. */
export class ClientGrantDto {
  @OptionalCode(['jwt'], { description: 'Signed tokens; opaque ones without it' })
  token_format?: string;

  @OptionalSeconds({ description: 'Seconds for which an access token is valid', example: 300 })
  access_token_expiration?: number;

  @OptionalFlag({ description: 'Whether a refresh token is issued, too' })
  refresh_token?: boolean;

  @OptionalSeconds({ description: 'Seconds for which a refresh token is valid', example: 86_400 })
  refresh_token_expiration?: number;

  @OptionalTexts({ description: 'Audiences of the tokens', example: ['https://fhir.example.com'] })
  audience?: string[];

  @OptionalFlag({ description: 'Whether the Client must authenticate at the token endpoint' })
  secret_required?: boolean;

  @OptionalFlag({ description: 'Whether PKCE (RFC 7636) is required' })
  pkce?: boolean;

  @OptionalText({
    description: 'Where the user is sent back to',
    example: 'https://app.example.com/cb',
  })
  redirect_uri?: string;

  @OptionalTexts({ description: 'Accepted client assertions (RFC 7523)', example: ASSERTION_TYPES })
  client_assertion_types?: string[];

  @OptionalReference({
    description: 'Signs users in without showing the login page',
    example: { reference: 'IdentityProvider/keycloak' },
  })
  default_identity_provider?: ReferenceDto;
}

/** Settings by grant. */
export class ClientAuthDto {
  @OptionalPart(() => ClientGrantDto, { description: 'RFC 6749 §4.1' })
  authorization_code?: ClientGrantDto;

  @OptionalPart(() => ClientGrantDto, { description: 'RFC 6749 §4.4' })
  client_credentials?: ClientGrantDto;

  @OptionalPart(() => ClientGrantDto, { description: 'RFC 6749 §4.3' })
  password?: ClientGrantDto;

  @OptionalPart(() => ClientGrantDto, { description: 'RFC 6749 §4.2' })
  implicit?: ClientGrantDto;

  @OptionalPart(() => ClientGrantDto, { description: 'RFC 8693' })
  token_exchange?: ClientGrantDto;
}

/** A public key of the Client (RFC 7517); members of any key type. */
export class ClientKeyDto {
  @OptionalText({ description: 'Key id' })
  kid?: string;

  @OptionalCode(['RSA', 'EC', 'OKP'], { description: 'Key type' })
  kty?: string;

  @OptionalText({ description: 'Algorithm', example: 'RS384' })
  alg?: string;

  @OptionalCode(['sig'], { description: 'Purpose' })
  use?: string;

  @OptionalTexts({ description: 'Operations', example: ['verify'] })
  key_ops?: string[];

  @OptionalText({ description: 'Modulus (RSA)' })
  n?: string;

  @OptionalText({ description: 'Exponent (RSA)' })
  e?: string;

  @OptionalText({ description: 'Curve (EC, OKP)' })
  crv?: string;

  @OptionalText({ description: 'X coordinate (EC), public key (OKP)' })
  x?: string;

  @OptionalText({ description: 'Y coordinate (EC)' })
  y?: string;
}

/** A scope with the policy that it stands for. */
export class ClientScopeDto {
  @OptionalReference({
    description: 'The policy',
    example: { reference: 'AccessPolicy/read-only' },
  })
  policy?: ReferenceDto;

  @OptionalOpenObject({ description: 'Parameters of the policy' })
  parameters?: Record<string, unknown>;
}

/** The Client as a SMART app. */
export class ClientSmartDto {
  @OptionalText({ description: 'Where the app is launched' })
  launch_uri?: string;

  @OptionalText({ description: 'Name of the app' })
  name?: string;

  @OptionalText({ description: 'What the app does' })
  description?: string;
}
