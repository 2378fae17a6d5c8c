import { createPrivateKey, randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { NoToken, type TokenRequest } from './token-endpoint.js';

/** Longest validity that SMART Backend Services allow. */
const ASSERTION_LIFETIME_S = 300;

/** Which algorithms a client may sign with. */
export type AssertionAlgorithm = 'RS256' | 'RS384' | 'PS256' | 'ES256' | 'ES384';

/** What a token is asked for with. */
export interface TokenClient {
  readonly tokenUrl: string;
  readonly clientId: string;
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

/** The client credentials grant, authenticated by a signed assertion (RFC 7523 §2.2, SMART Backend Services). */
export async function byAssertion(
  client: TokenClient,
  key: string | undefined,
): Promise<TokenRequest> {
  return {
    form: {
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await assertion(client, key, { sub: client.clientId }),
      ...scopeOf(client),
    },
  };
}

/** A signed assertion as the grant itself (RFC 7523 §2.1), as service accounts of some clouds use it. */
export async function byBearerGrant(
  client: TokenClient,
  key: string | undefined,
): Promise<TokenRequest> {
  return {
    form: {
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: await assertion(client, key, { sub: client.clientId, ...scopeOf(client) }),
    },
  };
}

async function assertion(
  { tokenUrl, clientId, keyId, algorithm }: TokenClient,
  pem: string | undefined,
  claims: Readonly<Record<string, string>>,
): Promise<string> {
  if (pem === undefined) throw new NoToken('The key of the client cannot be read now');
  const key = createPrivateKey(pem);
  return new SignJWT({ ...claims })
    .setProtectedHeader({
      alg: algorithm,
      typ: 'JWT',
      ...(keyId === undefined ? {} : { kid: keyId }),
    })
    .setIssuer(clientId)
    .setAudience(tokenUrl)
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime(`${ASSERTION_LIFETIME_S}s`)
    .sign(key);
}

function scopeOf({ scope }: TokenClient): Readonly<Record<string, string>> {
  return scope === undefined ? {} : { scope };
}
