import {
  IsBoolean,
  IsInt,
  IsOptional,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
} from 'class-validator';

import { Setting } from './setting.js';
import { EachSatisfies, isHostOrAny } from './setting-rules.js';

/** What Wardgate insists on, and how it treats identity providers and secrets. */
export class SecuritySettings {
  @Setting({
    variable: 'BOX_SECURITY_DEV_MODE',
    kind: 'boolean',
    description:
      'Opens the tools for designing policies (`__debug`, `x-debug`). Not for production; it skips no check.',
    allowed: 'true or false',
    default: 'false',
  })
  @IsBoolean()
  readonly isDevMode!: boolean;

  @Setting({
    variable: 'BOX_SECURITY_DEBUG_SU_ENABLE',
    kind: 'boolean',
    description:
      'Lets administrators act as another User or Client by the header `su`; every use is logged.',
    allowed: 'true or false',
    default: 'false',
  })
  @IsBoolean()
  readonly allowsImpersonation!: boolean;

  @Setting({
    variable: 'BOX_SECURITY_STRICT_ADMINISTRATION',
    kind: 'boolean',
    description:
      'Lets system resources be written only by policies that speak of administration; `false` lets any policy that allows the request.',
    allowed: 'true or false',
    default: 'true',
  })
  @IsBoolean()
  readonly isAdministrationStrict!: boolean;

  @Setting({
    variable: 'BOX_FHIR_SEARCH_AUTHORIZE_INLINE_REQUESTS',
    kind: 'boolean',
    description:
      'Decides what a search reaches by chains, `_has`, `_include` and `_revinclude` as a search of each type; `false` decides the named type only.',
    allowed: 'true or false',
    default: 'true',
  })
  @IsBoolean()
  readonly authorizesInlineSearches!: boolean;

  @Setting({
    variable: 'BOX_SECURITY_INTROSPECTION_CREATE_USER',
    kind: 'boolean',
    description: 'Creates a User when a valid token of an identity provider names nobody yet.',
    allowed: 'true or false',
    default: 'false',
    deprecated: ['BOX_FEATURES_AUTHENTICATION_INTROSPECTION_CREATE__USER'],
  })
  @IsBoolean()
  readonly introspectionCreatesUser!: boolean;

  @Setting({
    variable: 'WARDGATE_USER_REFRESH_AGE',
    kind: 'duration',
    description:
      'Age from which the attributes of a User that a token created are asked for again, with the next request of that User; without it never.',
    allowed: 'a duration such as `15m` or `24h`, from 1s to 8760h',
  })
  @IsOptional()
  @IsInt()
  @Min(1000)
  @Max(31_536_000_000)
  readonly userRefreshAgeMs?: number;

  /** In lower case; `*` only together with development mode. */
  @Setting({
    variable: 'BOX_SECURITY_IDP_ALLOWED_HOSTS',
    kind: 'hosts',
    description:
      'Hosts of identity providers that may be called over plain http and in private address ranges, besides loopback.',
    allowed:
      'host names or IP addresses without scheme, with or without a port, separated by commas; `*` for any, only with BOX_SECURITY_DEV_MODE=true',
    default: '',
  })
  @EachSatisfies(isHostOrAny)
  readonly idpAllowedHosts!: readonly string[];

  @Setting({
    variable: 'BOX_SECURITY_ASPXAUTH_COOKIE',
    kind: 'text',
    description:
      'Name of the cookie that introspectors of type aspxauth judge; case matters. Without such an introspector it is ignored.',
    allowed: 'a cookie name of 1 to 128 characters',
    default: '.ASPXAUTH',
  })
  @Matches(/^[\w!#$%&'*+.^`|~-]{1,128}$/)
  readonly aspxauthCookie!: string;

  @Setting({
    variable: 'WARDGATE_IDP_TIMEOUT',
    kind: 'duration',
    description: 'Time that a call to an identity provider may take.',
    allowed: 'a duration such as `500ms` or `3s`, from 100ms to 1m',
    default: '3s',
  })
  @IsInt()
  @Min(100)
  @Max(60_000)
  readonly idpTimeoutMs!: number;

  @Setting({
    variable: 'WARDGATE_DPOP_PROOF_LIFETIME',
    kind: 'duration',
    description:
      'Time for which a DPoP proof serves after it was made; clocks may be off by 30 s besides. Each serves once.',
    allowed: 'a duration such as `30s` or `1m`, from 1s to 10m',
    default: '1m',
  })
  @IsInt()
  @Min(1_000)
  @Max(600_000)
  readonly proofLifetimeMs!: number;

  @Setting({
    variable: 'WARDGATE_REMEMBERED_TOKENS',
    kind: 'integer',
    description:
      'How many verified tokens are remembered, by hash, so that their signature is not computed again.',
    allowed: 'an integer from 0 to 1000000',
    default: '10000',
  })
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  readonly rememberedTokens!: number;

  @Setting({
    variable: 'BOX_SECURITY_MASK_SECRETS',
    kind: 'boolean',
    description:
      'Answers reads of secrets masked; `false` answers them as stored, for configuration tools that compare.',
    allowed: 'true or false',
    default: 'true',
  })
  @IsBoolean()
  readonly masksSecrets!: boolean;

  @Setting({
    variable: 'BOX_SECURITY_ENCRYPT_SECRET',
    kind: 'text',
    description: 'Key for secrets at rest; without it they are stored in clear.',
    allowed: 'at least 32 characters',
    secret: true,
  })
  @IsOptional()
  @MinLength(32)
  readonly encryptSecret?: string;

  /** As given; `previousEncryptSecrets()` reads it. */
  @Setting({
    variable: 'BOX_SECURITY_ENCRYPT_SECRET_PREVIOUS',
    kind: 'text',
    description:
      'Former keys for secrets at rest, or the coming one: read with, never written with; see secrets.md.',
    allowed: 'a secret of at least 32 characters, or a JSON array of up to 8',
    secret: true,
  })
  @IsOptional()
  @MinLength(32)
  readonly previousEncryptSecrets?: string;

  /** As given; `readVaultConfig()` reads it. */
  @Setting({
    variable: 'BOX_VAULT_CONFIG',
    kind: 'text',
    description:
      'External secrets: which files hold them, and which resources may use them; see secrets.md.',
    allowed:
      '`{"secret": {"<name>": {"path": "<file>", "scope": {"resource_type": "<type>"}}}}`, or the absolute path of a file with it',
  })
  @IsOptional()
  @MaxLength(262_144)
  readonly vaultConfig?: string;

  @Setting({
    variable: 'BOX_SECURITY_USER_PASSWORD_MIN_LENGTH',
    kind: 'integer',
    unit: 'characters',
    description: 'Shortest password that a User may be given.',
    allowed: 'an integer from 1 to 128',
    default: '8',
  })
  @IsInt()
  @Min(1)
  @Max(128)
  readonly userPasswordMinLength!: number;
}
