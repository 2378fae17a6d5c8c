import { generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { Provider, type KoaContext } from 'oidc-provider';

/** What a test may choose about the provider. */
export interface OpenIdProviderOptions {
  /** The `aud` of JWT access tokens. */
  readonly audience?: string;
  /** Lifetime of access tokens in seconds. */
  readonly accessTokenTtlSeconds?: number;
}

/** How a user's token travels, and what is in it, or in what introspection answers about it. */
export interface UserTokenOptions {
  readonly format?: TokenFormat;
  readonly tokenClaims?: Readonly<Record<string, unknown>>;
}

/** How an access token travels. */
export type TokenFormat = 'jwt' | 'opaque';

/** A certified OpenID provider on loopback. */
export interface OpenIdProvider {
  readonly issuer: string;
  readonly jwksUri: string;
  readonly userinfoEndpoint: string;
  readonly introspectionEndpoint: string;
  /** Authorization header with which the introspection endpoint may be asked. */
  readonly introspectionAuthorization: string;
  /** Requests per path. */
  readonly requests: ReadonlyMap<string, number>;
  /** A token of a client, from the token endpoint; bound to the key of a proof for it, if one is given. */
  clientCredentialsToken(format: TokenFormat, dpopProof?: string): Promise<string>;
  /** A token of a user; `claims` are what the userinfo endpoint answers about `sub` from now on. */
  userToken(sub: string, claims: object, options?: UserTokenOptions): Promise<string>;
  /** Ends an opaque token at the revocation endpoint (RFC 7009). */
  revoke(token: string): Promise<void>;
  /** Replaces the signing key; tokens signed with the old one lose their key. */
  rotateKeys(): void;
  stop(): Promise<void>;
}

const CLIENT = { client_id: 'app', client_secret: 'app-secret-of-sufficient-length-00' };
const BASIC = Buffer.from(`${CLIENT.client_id}:${CLIENT.client_secret}`).toString('base64');
const RESOURCE = 'urn:wardgate:fhir';
const SCOPE = 'openid profile email';
const OPAQUE_SCOPE = 'opaque';

/** Starts the provider: listens first, because its issuer is the address that it is given. */
export async function startOpenIdProvider(
  options: OpenIdProviderOptions = {},
): Promise<OpenIdProvider> {
  const requests = new Map<string, number>();
  let listener: RequestListener = (_request, response) => response.writeHead(503).end();
  const server = createServer((request, response) => {
    const path = (request.url ?? '').replace(/\?.*/, '');
    requests.set(path, (requests.get(path) ?? 0) + 1);
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const users = new Map<string, object>();
  let engine = createEngine(issuer, users, options);
  listener = engine.callback();
  return {
    issuer,
    jwksUri: `${issuer}/jwks`,
    userinfoEndpoint: `${issuer}/me`,
    introspectionEndpoint: `${issuer}/token/introspection`,
    introspectionAuthorization: `Basic ${BASIC}`,
    requests,
    clientCredentialsToken: (format, dpopProof) => requestClientToken(issuer, format, dpopProof),
    userToken: (sub, claims, chosen = {}) => {
      users.set(sub, claims);
      return issueUserToken(engine, sub, chosen, options);
    },
    revoke: (token) => revokeToken(issuer, token),
    rotateKeys: () => {
      engine = createEngine(issuer, users, options);
      listener = engine.callback();
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function requestClientToken(
  issuer: string,
  format: TokenFormat,
  dpopProof?: string,
): Promise<string> {
  const resource = format === 'jwt' ? RESOURCE : `${RESOURCE}:${OPAQUE_SCOPE}`;
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${BASIC}`,
      ...(dpopProof === undefined ? {} : { dpop: dpopProof }),
    },
    body: new URLSearchParams({ grant_type: 'client_credentials', resource }),
  });
  const answer = (await response.json()) as { readonly access_token?: string };
  if (answer.access_token === undefined) throw new Error(JSON.stringify(answer));
  return answer.access_token;
}

async function revokeToken(issuer: string, token: string): Promise<void> {
  const { status } = await fetch(`${issuer}/token/revocation`, {
    method: 'POST',
    headers: { authorization: `Basic ${BASIC}` },
    body: new URLSearchParams({ token, token_type_hint: 'access_token' }),
  });
  if (status !== 200) throw new Error(`The revocation endpoint answers ${status}`);
}

async function issueUserToken(
  engine: Provider,
  accountId: string,
  { format = 'jwt', tokenClaims = {} }: UserTokenOptions,
  options: OpenIdProviderOptions,
): Promise<string> {
  const grant = new engine.Grant({ accountId, clientId: CLIENT.client_id });
  grant.addOIDCScope(SCOPE);
  const grantId = await grant.save();
  const client = await engine.Client.find(CLIENT.client_id);
  const token = new engine.AccessToken({
    accountId,
    client,
    grantId,
    gty: 'authorization_code',
    scope: SCOPE,
    claims: { wardgate: tokenClaims },
  });
  if (format === 'jwt') {
    token.resourceServer = new engine.ResourceServer(RESOURCE, resourceServer(RESOURCE, options));
  }
  return token.save();
}

function createEngine(
  issuer: string,
  users: ReadonlyMap<string, object>,
  options: OpenIdProviderOptions,
): Provider {
  const key = signingKey();
  const ttlSeconds = options.accessTokenTtlSeconds ?? 300;
  const engine = new Provider(issuer, {
    clients: [
      { ...CLIENT, grant_types: ['client_credentials'], redirect_uris: [], response_types: [] },
    ],
    jwks: { keys: [key] },
    cookies: { keys: ['test-cookie-key'] },
    claims: { openid: ['sub'], profile: ['name', 'given_name', 'family_name'], email: ['email'] },
    findAccount: (_ctx: unknown, accountId: string) => ({
      accountId,
      claims: () => ({ ...users.get(accountId), sub: accountId }),
    }),
    formats: { customizers: { jwt: addTokenClaims } },
    extraTokenClaims: (_ctx: unknown, { claims }: ClaimedToken) => claims?.wardgate,
    ttl: { AccessToken: ttlSeconds, ClientCredentials: ttlSeconds, Grant: 3600 },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      dPoP: { enabled: true },
      introspection: { enabled: true, allowedPolicy: () => true },
      revocation: { enabled: true, allowedPolicy: () => true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_ctx: unknown, resource: string) =>
          resourceServer(resource, options),
      },
    },
  });
  engine.use((ctx, next) => answerForJwt(ctx, next, issuer, key, users));
  return engine;
}

function resourceServer(resource: string, options: OpenIdProviderOptions): object {
  return {
    scope: 'fhir',
    audience: options.audience ?? 'fhir',
    accessTokenTTL: options.accessTokenTtlSeconds ?? 300,
    accessTokenFormat: resource === RESOURCE ? 'jwt' : 'opaque',
    jwt: { sign: { alg: 'RS256' } },
  };
}

/** A token of ours; the provider keeps what `claims` holds. */
interface ClaimedToken {
  readonly claims?: { readonly wardgate?: object };
}

function addTokenClaims(_ctx: unknown, token: ClaimedToken, jwt: { payload: object }): void {
  jwt.payload = { ...jwt.payload, ...token.claims?.wardgate };
}

// The provider keeps no JWT access tokens and would refuse them at its userinfo endpoint; those that
// most organisations run accept them there.
async function answerForJwt(
  ctx: KoaContext,
  next: () => Promise<void>,
  issuer: string,
  key: JsonWebKey,
  users: ReadonlyMap<string, object>,
): Promise<void> {
  const token = /^Bearer (\S+\.\S+\.\S+)$/.exec(ctx.headers.authorization ?? '')?.[1];
  if (ctx.path !== '/me' || token === undefined) return next();
  const { payload } = await jwtVerify(token, createLocalJWKSet({ keys: [publicPart(key)] }), {
    issuer,
  });
  ctx.body = { ...users.get(payload.sub ?? ''), sub: payload.sub };
}

function publicPart({ kty, n, e, kid, alg, use }: JsonWebKey): { readonly kty: string } {
  return { kty: kty ?? 'RSA', n, e, kid, alg, use } as { readonly kty: string };
}

function signingKey(): JsonWebKey {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const kid = crypto.randomUUID();
  return { ...privateKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' };
}
