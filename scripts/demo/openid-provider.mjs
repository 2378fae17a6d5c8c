import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { createLocalJWKSet, importJWK, jwtVerify, SignJWT } from 'jose';

const REALM = '/realms/myrealm';
const OPENID_CONNECT = '/protocol/openid-connect';
const TOKEN_TTL_SECONDS = 300;

/** The client of the tutorial, under which the service account asks for its token. */
export const CLIENT = {
  client_id: 'my-client',
  client_secret: 'my-client-secret-for-development-only',
};

/**
 * Starts a certified OpenID provider on loopback, with the paths, the client and the claims that the
 * tutorial's Keycloak has. Its `sign()` makes tokens that its own endpoints would not issue.
 */
export async function startOpenIdProvider() {
  // Listens first, because the issuer is the address that it is given.
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;
  const issuer = `${origin}${REALM}`;
  const key = signingKey();
  const account = {
    sub: randomUUID(),
    email_verified: false,
    preferred_username: `service-account-${CLIENT.client_id}`,
  };
  const engine = (await quietly(() => createEngine(issuer, key, account))).callback();
  server.on('request', (request, response) => {
    if (!request.url.startsWith(`${REALM}/`)) return response.writeHead(404).end();
    // The engine knows only the paths below the realm's.
    request.originalUrl = request.url;
    request.url = request.url.slice(REALM.length);
    return engine(request, response);
  });
  return {
    origin,
    issuer,
    subject: account.sub,
    tokenEndpoint: `${issuer}${OPENID_CONNECT}/token`,
    sign: (claims) => sign(key, { iss: issuer, ...account, ...claims }),
    stop: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

async function createEngine(issuer, key, account) {
  const { Provider } = await import('oidc-provider');
  const engine = new Provider(issuer, {
    clients: [
      {
        ...CLIENT,
        token_endpoint_auth_method: 'client_secret_post',
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
      },
    ],
    jwks: { keys: [key] },
    cookies: { keys: [randomUUID()] },
    scopes: ['openid', 'profile', 'email'],
    routes: {
      jwks: `${OPENID_CONNECT}/certs`,
      token: `${OPENID_CONNECT}/token`,
      userinfo: `${OPENID_CONNECT}/userinfo`,
    },
    formats: {
      customizers: {
        jwt: (_ctx, _token, jwt) => {
          Object.assign(jwt.payload, account);
        },
      },
    },
    ttl: { ClientCredentials: TOKEN_TTL_SECONDS },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: jwtAccessTokens(),
    },
  });
  engine.use((ctx, next) => answerUserinfo(ctx, next, key, account));
  return engine;
}

/** What the package warns of, such as a store in memory, matters to those who run it in production. */
async function quietly(make) {
  const { warn } = console;
  console.warn = () => {};
  try {
    return await make();
  } finally {
    console.warn = warn;
  }
}

function jwtAccessTokens() {
  return {
    enabled: true,
    defaultResource: () => 'urn:wardgate:demo',
    getResourceServerInfo: () => ({
      scope: 'openid profile email',
      audience: 'account',
      accessTokenTTL: TOKEN_TTL_SECONDS,
      accessTokenFormat: 'jwt',
      jwt: { sign: { alg: 'RS256' } },
    }),
  };
}

// The engine keeps no JWT access tokens and would refuse them here, which Keycloak does not.
async function answerUserinfo(ctx, next, key, account) {
  if (ctx.path !== `${OPENID_CONNECT}/userinfo`) return next();
  const [, token = ''] = /^Bearer (\S+)$/.exec(ctx.headers.authorization ?? '') ?? [];
  const { kty, n, e, kid, alg } = key;
  await jwtVerify(token, createLocalJWKSet({ keys: [{ kty, n, e, kid, alg }] }));
  ctx.body = account;
}

async function sign(key, claims) {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: key.alg, typ: 'JWT', kid: key.kid })
    .sign(await importJWK(key));
}

function signingKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), alg: 'RS256', use: 'sig' };
}
