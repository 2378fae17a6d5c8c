import type { GatewaySettings, UpstreamAccess } from '../gateway-settings.js';
import type { TlsSource } from '../upstream/tls-source.js';
import { NoCredentials, type UpstreamCredentials } from '../upstream/upstream-credentials.js';
import type { ClientKey } from './assertion.js';
import type { GatewaySecrets } from './gateway-secrets.js';
import { IssuedTokens } from './issued-tokens.js';
import { PassedToken } from './passed-token.js';
import { StaticHeader } from './static-header.js';
import { NoToken, TokenEndpoint, type TokenRequest } from './token-endpoint.js';
import {
  byAssertion,
  byBearerGrant,
  byCertificate,
  bySecret,
  type TokenClient,
} from './token-requests.js';

/**
 * How Wardgate authenticates at the upstream, as the settings say.
 *
 * @param tls to the token endpoint
 */
export function credentialsOf(
  { access }: Pick<GatewaySettings, 'access'>,
  secrets: GatewaySecrets,
  tls: TlsSource,
): UpstreamCredentials {
  switch (access.auth) {
    case 'none':
      return new NoCredentials();
    case 'header':
      return new StaticHeader(access.authHeader.toLowerCase(), () => secrets.current('authValue'));
    case 'pass-through':
      return new PassedToken();
    case 'client-credentials':
    case 'tls-client-auth':
    case 'private-key-jwt':
    case 'jwt-bearer': {
      const endpoint = new TokenEndpoint(access.tokenUrl ?? '', tls);
      const { auth } = access;
      const tokens = new IssuedTokens(async () =>
        endpoint.ask(await tokenRequest(auth, access, secrets)),
      );
      // They may be bound to the certificate that was shown (RFC 8705 §3).
      tls.onChange(() => {
        tokens.forget();
      });
      return tokens;
    }
  }
}

type Grant = 'client-credentials' | 'tls-client-auth' | 'private-key-jwt' | 'jwt-bearer';

function tokenRequest(
  grant: Grant,
  access: UpstreamAccess,
  secrets: GatewaySecrets,
): TokenRequest | Promise<TokenRequest> {
  const client = clientOf(access);
  switch (grant) {
    case 'client-credentials':
      return bySecret(client, secrets.current('clientSecret'));
    case 'tls-client-auth':
      return byCertificate(client);
    case 'private-key-jwt':
      return byAssertion(client, clientKey(access, secrets));
    case 'jwt-bearer':
      return byBearerGrant(client, clientKey(access, secrets));
  }
}

function clientOf(access: UpstreamAccess): TokenClient {
  const { tokenUrl = '', clientId = '', subject, scope, clientKeyId, clientKeyAlgorithm } = access;
  return { tokenUrl, clientId, subject, scope, keyId: clientKeyId, algorithm: clientKeyAlgorithm };
}

/** @throws NoToken while a file cannot be read */
function clientKey(access: UpstreamAccess, secrets: GatewaySecrets): ClientKey {
  const pem = secrets.current('clientKey');
  if (pem === undefined) throw new NoToken('The key of the client cannot be read now');
  if (access.clientCertificateFile === undefined) return { pem };
  const certificate = secrets.current('clientCertificate');
  if (certificate === undefined) {
    throw new NoToken('The certificate of the client cannot be read now');
  }
  return { pem, certificate };
}
