import { generateKeyPairSync, randomUUID } from 'node:crypto';

/** How an issuer on the server behaves. */
export interface GlewlwydIssuerOptions {
  readonly accessTokenSeconds?: number;
}

/** What its token endpoint answers. */
export interface GlewlwydTokens {
  readonly access_token: string;
  readonly id_token?: string;
  readonly refresh_token?: string;
}

/** An issuer of its own: its plugins are what realms are elsewhere. */
export interface GlewlwydIssuer {
  readonly issuer: string;
  readonly userinfoEndpoint: string;
  readonly introspectionEndpoint: string;
  serviceTokens(): Promise<GlewlwydTokens>;
  personsTokens(): Promise<GlewlwydTokens>;
  /** Signs with a new key from now on and publishes no other. */
  rotateKeys(): Promise<void>;
}

/** The server with a client, a scope and a person, set up through its administration API. */
export interface Glewlwyd {
  readonly clientAuthorization: string;
  readonly person: { readonly username: string; readonly name: string; readonly email: string };
  addIssuer(options?: GlewlwydIssuerOptions): Promise<GlewlwydIssuer>;
}

type Call = (method: string, path: string, body?: object) => Promise<void>;

const CLIENT = { id: 'app', secret: 'secret-of-the-app' };
const PERSON = { username: 'nurse', name: 'Nina Nurse', email: 'nurse@example.com' };
const PASSWORD = 'password-of-the-nurse';
const AUTHORIZATION = `Basic ${Buffer.from(`${CLIENT.id}:${CLIENT.secret}`).toString('base64')}`;
// The one that the package's own schema brings.
const ADMINISTRATOR = { username: 'admin', password: 'password' };

/** Sets up a freshly started server. */
export async function setUpGlewlwyd(url: string): Promise<Glewlwyd> {
  const call = await administration(url);
  await call('POST', '/scope/', { name: 'fhir', display_name: 'fhir' });
  await call('POST', '/client/', {
    client_id: CLIENT.id,
    client_secret: CLIENT.secret,
    name: CLIENT.id,
    confidential: true,
    enabled: true,
    scope: ['fhir'],
    authorization_type: ['client_credentials', 'password'],
    token_endpoint_auth_method: ['client_secret_basic'],
  });
  await call('POST', '/user/', {
    ...PERSON,
    password: PASSWORD,
    scope: ['openid', 'fhir'],
    enabled: true,
  });
  return {
    clientAuthorization: AUTHORIZATION,
    person: PERSON,
    addIssuer: (options = {}) => addIssuer(url, call, options),
  };
}

async function addIssuer(
  url: string,
  call: Call,
  options: GlewlwydIssuerOptions,
): Promise<GlewlwydIssuer> {
  const name = `oidc-${randomUUID().slice(0, 8)}`;
  const issuer = `${url}/api/${name}`;
  const plugin = () => ({
    module: 'oidc',
    name,
    display_name: name,
    enabled: true,
    parameters: parameters(issuer, options),
  });
  await call('POST', '/mod/plugin/', plugin());
  const tokens = (grant: Readonly<Record<string, string>>) => requestTokens(issuer, grant);
  return {
    issuer,
    userinfoEndpoint: `${issuer}/userinfo`,
    introspectionEndpoint: `${issuer}/introspect`,
    serviceTokens: () => tokens({ grant_type: 'client_credentials', scope: 'fhir' }),
    personsTokens: () =>
      tokens({
        grant_type: 'password',
        username: PERSON.username,
        password: PASSWORD,
        scope: 'openid fhir',
      }),
    rotateKeys: async () => {
      await call('PUT', `/mod/plugin/${name}`, plugin());
      await call('PUT', `/mod/plugin/${name}/reset`);
    },
  };
}

function parameters(issuer: string, { accessTokenSeconds = 300 }: GlewlwydIssuerOptions): object {
  return {
    iss: issuer,
    'jwks-private': JSON.stringify({ keys: [signingKey()] }),
    'jwks-show': true,
    'access-token-duration': accessTokenSeconds,
    'refresh-token-duration': 3600,
    'code-duration': 60,
    'subject-type': 'public',
    'allow-non-oidc': true,
    'auth-type-code-enabled': false,
    'auth-type-refresh-enabled': true,
    'auth-type-client-enabled': true,
    'auth-type-password-enabled': true,
    'introspection-revocation-allowed': true,
    'introspection-revocation-allow-target-client': true,
    'name-claim': 'mandatory',
    'email-claim': 'mandatory',
  };
}

function signingKey(): object {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), alg: 'RS256', use: 'sig' };
}

async function administration(url: string): Promise<Call> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify(ADMINISTRATOR);
  const login = await fetch(`${url}/api/auth/`, { method: 'POST', headers, body });
  const cookie = login.headers
    .getSetCookie()
    .map((entry) => entry.split(';')[0])
    .join('; ');
  return async (method, path, content) => {
    const response = await fetch(`${url}/api${path}`, {
      method,
      headers: { ...headers, cookie },
      ...(content ? { body: JSON.stringify(content) } : {}),
    });
    if (!response.ok) {
      throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    }
  };
}

async function requestTokens(
  issuer: string,
  grant: Readonly<Record<string, string>>,
): Promise<GlewlwydTokens> {
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: AUTHORIZATION },
    body: new URLSearchParams(grant),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as GlewlwydTokens;
}
