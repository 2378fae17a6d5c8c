import { IsIn, IsNotEmpty, IsOptional, Matches, MaxLength } from 'class-validator';

import { Setting } from './setting.js';
import { Satisfies, isBaseUrl } from './setting-rules.js';

const METHODS = [
  ...['none', 'header', 'client-credentials', 'tls-client-auth'],
  ...['private-key-jwt', 'jwt-bearer', 'pass-through'],
] as const;
const ALGORITHMS = ['RS256', 'RS384', 'PS256', 'ES256', 'ES384'] as const;
const IDENTITIES = ['none', 'headers', 'jwt'] as const;
const FILE = /^\/[^\0]{1,4095}$/;
const HEADER_NAME = /^[A-Za-z][\w-]{0,63}$/;
const HEADER_VALUE = /^[\x21-\x7e][\x20-\x7e]*$/;

/** How Wardgate authenticates at the upstream. */
export type UpstreamAuthentication = (typeof METHODS)[number];

/** How the upstream is told who asks. */
export type UpstreamIdentity = (typeof IDENTITIES)[number];

/** How Wardgate authenticates at the FHIR server behind it, and what it tells it; see gateway.md. */
export class UpstreamAccessSettings {
  @Setting({
    variable: 'WARDGATE_UPSTREAM_AUTH',
    kind: 'text',
    description:
      "How Wardgate authenticates at the upstream; `pass-through` sends the caller's own bearer token.",
    allowed: METHODS.join(', '),
    default: 'none',
  })
  @IsIn(METHODS)
  readonly auth!: UpstreamAuthentication;

  @Setting({
    variable: 'WARDGATE_UPSTREAM_AUTH_HEADER',
    kind: 'text',
    description: 'Header that `header` sends.',
    allowed: 'a header name',
    default: 'authorization',
  })
  @Matches(HEADER_NAME)
  readonly authHeader!: string;

  @Setting({
    variable: 'WARDGATE_UPSTREAM_AUTH_VALUE',
    kind: 'text',
    description: 'Value of that header, such as `Bearer …` or a key.',
    allowed: 'printable ASCII of at most 8192 characters',
    secret: true,
  })
  @IsOptional()
  @MaxLength(8_192)
  @Matches(HEADER_VALUE)
  readonly authValue?: string;

  @Setting({
    variable: 'WARDGATE_UPSTREAM_AUTH_VALUE_FILE',
    kind: 'text',
    description: 'File with that value instead; read again when it changes.',
    allowed: 'an absolute path',
  })
  @IsOptional()
  @Matches(FILE)
  readonly authValueFile?: string;

  @Setting({
    variable: 'WARDGATE_UPSTREAM_TOKEN_URL',
    kind: 'text',
    description:
      'Token endpoint for `client-credentials`, `tls-client-auth`, `private-key-jwt` and `jwt-bearer` (RFC 6749 §4.4, RFC 8705, RFC 7523).',
    allowed: 'an absolute http or https URL without credentials, query and fragment',
  })
  @IsOptional()
  @Satisfies(isBaseUrl)
  readonly tokenUrl?: string;

  @Setting({
    variable: 'WARDGATE_UPSTREAM_CLIENT_ID',
    kind: 'text',
    description: 'Client that Wardgate is at the token endpoint.',
    allowed: 'at most 1024 characters',
  })
  @IsOptional()
  @IsNotEmpty()
  @MaxLength(1_024)
  readonly clientId?: string;

  @Setting({
    variable: 'WARDGATE_UPSTREAM_CLIENT_SECRET',
    kind: 'text',
    description: 'Secret of that client, for `client-credentials`.',
    allowed: 'at most 8192 characters',
    secret: true,
  })
  @IsOptional()
  @MaxLength(8_192)
  readonly clientSecret?: string;

  @Setting({
    variable: 'WARDGATE_UPSTREAM_CLIENT_SECRET_FILE',
    kind: 'text',
    description: 'File with that secret instead; read again when it changes.',
    allowed: 'an absolute path',
  })
  @IsOptional()
  @Matches(FILE)
  readonly clientSecretFile?: string;

  @Setting({
    variable: 'WARDGATE_UPSTREAM_CLIENT_KEY_FILE',
    kind: 'text',
    description:
      'File with the private key of that client as PKCS #8 in PEM, RSA or EC, for `private-key-jwt` and `jwt-bearer`; read again when it changes.',
    allowed: 'an absolute path',
  })
  @IsOptional()
  @Matches(FILE)
  readonly clientKeyFile?: string;

  @Setting({
    variable: 'WARDGATE_UPSTREAM_CLIENT_CERTIFICATE_FILE',
    kind: 'text',
    description:
      'File with the certificate of that key, in PEM, where the token endpoint knows the key by its thumbprint (`x5t#S256`, RFC 7515 §4.1.8), as Microsoft Entra ID does; read again when it changes.',
    allowed: 'an absolute path',
  })
  @IsOptional()
  @Matches(FILE)
  readonly clientCertificateFile?: string;

  @Setting({
    variable: 'WARDGATE_UPSTREAM_CLIENT_KEY_ID',
    kind: 'text',
    description: 'The `kid` under which the token endpoint knows that key.',
    allowed: 'at most 256 characters',
  })
  @IsOptional()
  @MaxLength(256)
  readonly clientKeyId?: string;

  @Setting({
    variable: 'WARDGATE_UPSTREAM_CLIENT_KEY_ALGORITHM',
    kind: 'text',
    description: 'Algorithm to sign with that key; SMART Backend Services take RS384 and ES384.',
    allowed: ALGORITHMS.join(', '),
    default: 'RS384',
  })
  @IsIn(ALGORITHMS)
  readonly clientKeyAlgorithm!: (typeof ALGORITHMS)[number];

  @Setting({
    variable: 'WARDGATE_UPSTREAM_SCOPE',
    kind: 'text',
    description: 'Scopes to ask the token endpoint for.',
    allowed: 'scopes separated by spaces, at most 2048 characters',
  })
  @IsOptional()
  @MaxLength(2_048)
  readonly scope?: string;

  @Setting({
    variable: 'WARDGATE_UPSTREAM_SUBJECT',
    kind: 'text',
    description:
      'Whom the assertion of `jwt-bearer` speaks of (`sub`); the client itself unless set.',
    allowed: 'at most 1024 characters',
  })
  @IsOptional()
  @IsNotEmpty()
  @MaxLength(1_024)
  readonly subject?: string;

  @Setting({
    variable: 'WARDGATE_UPSTREAM_CA_FILE',
    kind: 'text',
    description:
      "File with the certificates that may sign the upstream's, in PEM, instead of those that Node.js trusts; read again when it changes.",
    allowed: 'an absolute path',
  })
  @IsOptional()
  @Matches(FILE)
  readonly caFile?: string;

  @Setting({
    variable: 'WARDGATE_UPSTREAM_TOKEN_CA_FILE',
    kind: 'text',
    description: 'The same for the token endpoint.',
    allowed: 'an absolute path',
  })
  @IsOptional()
  @Matches(FILE)
  readonly tokenCaFile?: string;

  @Setting({
    variable: 'WARDGATE_UPSTREAM_CERTIFICATE_FILE',
    kind: 'text',
    description:
      'File with the certificate that Wardgate shows the upstream and its token endpoint, in PEM; read again when it changes.',
    allowed: 'an absolute path',
  })
  @IsOptional()
  @Matches(FILE)
  readonly certificateFile?: string;

  @Setting({
    variable: 'WARDGATE_UPSTREAM_CERTIFICATE_KEY_FILE',
    kind: 'text',
    description:
      'File with the private key of that certificate, in PEM; read again when it changes.',
    allowed: 'an absolute path',
  })
  @IsOptional()
  @Matches(FILE)
  readonly certificateKeyFile?: string;

  @Setting({
    variable: 'WARDGATE_UPSTREAM_IDENTITY',
    kind: 'text',
    description:
      'How the upstream is told who asks: by the headers `X-Wardgate-User` and others, or by a signed JWT in `X-Wardgate-Identity`.',
    allowed: IDENTITIES.join(', '),
    default: 'none',
  })
  @IsIn(IDENTITIES)
  readonly identity!: UpstreamIdentity;

  @Setting({
    variable: 'WARDGATE_UPSTREAM_IDENTITY_KEY_FILE',
    kind: 'text',
    description:
      'File with the private key that signs that JWT, as PKCS #8 in PEM, EC P-256; all instances have the same. Read again when it changes.',
    allowed: 'an absolute path',
  })
  @IsOptional()
  @Matches(FILE)
  readonly identityKeyFile?: string;
}
