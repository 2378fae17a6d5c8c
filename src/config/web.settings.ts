import { IsBoolean, IsInt, IsNotEmpty, IsOptional, Matches, Max, Min } from 'class-validator';

import { Setting } from './setting.js';
import {
  EachSatisfies,
  Satisfies,
  isAddressOrNetwork,
  isBaseUrl,
  isOriginOrAny,
} from './setting-rules.js';

/** Where Wardgate listens, how it is reached and what it takes from the network. */
export class WebSettings {
  @Setting({
    variable: 'BOX_WEB_HOST',
    kind: 'text',
    description: 'Address to listen on; `127.0.0.1` keeps Wardgate to the machine.',
    allowed: 'an IP address or host name',
    default: '0.0.0.0',
  })
  @IsNotEmpty()
  @Matches(/^[\w.:-]+$/)
  readonly host!: string;

  @Setting({
    variable: 'BOX_WEB_PORT',
    kind: 'integer',
    description: 'Port to listen on.',
    allowed: 'an integer from 1 to 65535',
    default: '8080',
  })
  @IsInt()
  @Min(1)
  @Max(65_535)
  readonly port!: number;

  /** Without a trailing slash. */
  @Setting({
    variable: 'BOX_WEB_BASE_URL',
    kind: 'url',
    description:
      'URL under which clients reach Wardgate: the issuer of its tokens and the root of its links.',
    allowed: 'an absolute http or https URL without credentials, query and fragment',
    default: 'http://localhost:${BOX_WEB_PORT}',
  })
  @Satisfies(isBaseUrl)
  readonly baseUrl!: string;

  @Setting({
    variable: 'BOX_WEB_MAX_BODY',
    kind: 'integer',
    unit: 'bytes',
    description: 'Largest request body that is read; a larger one is answered with 413.',
    allowed: 'an integer from 1024 to 268435456',
    default: '20971520',
  })
  @IsInt()
  @Min(1_024)
  @Max(268_435_456)
  readonly maxBodyBytes!: number;

  @Setting({
    variable: 'BOX_WEB_TRUSTED_PROXIES',
    kind: 'list',
    description:
      'Peers whose `Forwarded`, `X-Forwarded-*` and client-certificate headers count; the headers of all others are removed.',
    allowed: 'IP addresses and CIDR networks, separated by commas; no network with prefix 0',
    default: '',
  })
  @EachSatisfies(isAddressOrNetwork)
  readonly trustedProxies!: readonly string[];

  @Setting({
    variable: 'WARDGATE_CLIENT_CERTIFICATE_HEADER',
    kind: 'text',
    description:
      "Header in which the trusted proxies report the client's certificate, for tokens that are bound to one. The proxy must overwrite what clients send under that name.",
    allowed:
      '`client-cert`, `x-client-cert`, `ssl-client-cert`, `x-ssl-client-cert`, `x-forwarded-client-cert` or `x-amzn-mtls-clientcert-leaf`',
  })
  @IsOptional()
  @Matches(
    /^(client-cert|(x-)?ssl-client-cert|x-(forwarded-)?client-cert|x-amzn-mtls-clientcert-leaf)$/i,
  )
  readonly clientCertificateHeader?: string;

  @Setting({
    variable: 'BOX_SECURITY_CORS_ENABLED',
    kind: 'boolean',
    description: 'Answers cross-origin requests of browsers from the origins below.',
    allowed: 'true or false',
    default: 'true',
  })
  @IsBoolean()
  readonly corsEnabled!: boolean;

  @Setting({
    variable: 'BOX_SECURITY_CORS_ORIGINS',
    kind: 'list',
    description: 'Origins that browsers may call from; none unless named.',
    allowed: 'origins such as `https://app.example.org`, separated by commas; `*` for any',
    default: '',
  })
  @EachSatisfies(isOriginOrAny)
  readonly corsOrigins!: readonly string[];

  @Setting({
    variable: 'WARDGATE_DOCS_PUBLIC',
    kind: 'boolean',
    description: 'Opens `/docs` and `/docs/openapi.json` to callers without a credential.',
    allowed: 'true or false',
    default: 'true',
  })
  @IsBoolean()
  readonly isDocsPublic!: boolean;
}
