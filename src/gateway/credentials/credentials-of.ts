import type { GatewaySettings } from '../gateway-settings.js';
import { NoCredentials, type UpstreamCredentials } from '../upstream/upstream-credentials.js';
import type { GatewaySecrets } from './gateway-secrets.js';
import { IssuedTokens } from './issued-tokens.js';
import { PassedToken } from './passed-token.js';
import { StaticHeader } from './static-header.js';
import { askForToken } from './token-endpoint.js';
import { byAssertion, byBearerGrant, bySecret, type TokenClient } from './token-requests.js';

/** How Wardgate authenticates at the upstream, as the settings say. */
export function credentialsOf(
  { access }: Pick<GatewaySettings, 'access'>,
  secrets: GatewaySecrets,
): UpstreamCredentials {
  const { tokenUrl = '', clientId = '', scope, clientKeyId, clientKeyAlgorithm } = access;
  const client: TokenClient = {
    tokenUrl,
    clientId,
    scope,
    keyId: clientKeyId,
    algorithm: clientKeyAlgorithm,
  };
  const key = (): string | undefined => secrets.current('clientKey');
  switch (access.auth) {
    case 'none':
      return new NoCredentials();
    case 'header':
      return new StaticHeader(access.authHeader.toLowerCase(), () => secrets.current('authValue'));
    case 'pass-through':
      return new PassedToken();
    case 'client-credentials':
      return new IssuedTokens(async () =>
        askForToken(tokenUrl, bySecret(client, secrets.current('clientSecret'))),
      );
    case 'private-key-jwt':
      return new IssuedTokens(async () => askForToken(tokenUrl, await byAssertion(client, key())));
    case 'jwt-bearer':
      return new IssuedTokens(async () =>
        askForToken(tokenUrl, await byBearerGrant(client, key())),
      );
  }
}
