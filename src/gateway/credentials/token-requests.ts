import { signedAssertion, type AssertionAlgorithm, type ClientKey } from './assertion.js';
import { NoToken, type TokenRequest } from './token-endpoint.js';

/** What a token is asked for with. */
export interface TokenClient {
  readonly tokenUrl: string;
  readonly clientId: string;
  /** Whom a grant by assertion speaks of; the client itself without. */
  readonly subject?: string | undefined;
  readonly scope?: string | undefined;
  readonly keyId?: string | undefined;
  readonly algorithm: AssertionAlgorithm;
}

/** The client credentials grant, authenticated by the secret (RFC 6749 §2.3.1, §4.4). */
export function bySecret(client: TokenClient, secret: string | undefined): TokenRequest {
  if (secret === undefined) throw new NoToken('The secret of the client cannot be read now');
  // Both are form-encoded first, as the specification says.
  const pair = [client.clientId, secret].map((part) => encodeURIComponent(part)).join(':');
  const authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
  return {
    form: { grant_type: 'client_credentials', ...scopeOf(client) },
    headers: { authorization },
  };
}

/** The client credentials grant, authenticated by the certificate of the connection (RFC 8705 §2). */
export function byCertificate(client: TokenClient): TokenRequest {
  const { clientId } = client;
  return {
    form: { grant_type: 'client_credentials', client_id: clientId, ...scopeOf(client) },
  };
}

/**
 * The client credentials grant, authenticated by a signed assertion (RFC 7523 §2.2, SMART Backend Services).
 * The id of the client is optional beside it (RFC 7521 §4.2), and Microsoft Entra ID demands it.
 */
export async function byAssertion(client: TokenClient, key: ClientKey): Promise<TokenRequest> {
  const { clientId, tokenUrl } = client;
  const claims = { iss: clientId, sub: clientId, aud: tokenUrl };
  return {
    form: {
      grant_type: 'client_credentials',
      client_id: clientId,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await signedAssertion(claims, key, client),
      ...scopeOf(client),
    },
  };
}

/** A signed assertion as the grant itself (RFC 7523 §2.1), as service accounts of some clouds use it. */
export async function byBearerGrant(client: TokenClient, key: ClientKey): Promise<TokenRequest> {
  const { clientId, tokenUrl, subject = clientId } = client;
  const claims = { iss: clientId, sub: subject, aud: tokenUrl, ...scopeOf(client) };
  return {
    form: {
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: await signedAssertion(claims, key, client),
    },
  };
}

function scopeOf({ scope }: TokenClient): { readonly scope?: string } {
  return scope === undefined ? {} : { scope };
}
