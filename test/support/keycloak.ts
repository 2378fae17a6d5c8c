/** What its token endpoint answers. */
export interface KeycloakTokens {
  readonly access_token: string;
  readonly refresh_token: string;
}

/** A realm made for one spec, with the people and clients that it needs. */
export interface KeycloakRealm {
  /** As the server names itself in tokens, which need not be where it can be called. */
  readonly issuer: string;
  readonly jwksUri: string;
  readonly introspectionEndpoint: string;
  readonly clientAuthorization: string;
  /** Tokens of a person, through a client. */
  personsTokens(username: string, clientId?: string): Promise<KeycloakTokens>;
  serviceToken(): Promise<string>;
  /** Whether the realm has tokens for a person. */
  admits(username: string): Promise<boolean>;
  /** Whether the session behind tokens yields new ones. */
  refreshes(tokens: KeycloakTokens): Promise<boolean>;
  removeRole(username: string, role: string): Promise<void>;
  /** Ends all sessions of a person. */
  logOut(username: string): Promise<void>;
  disable(username: string): Promise<void>;
  /** Makes a key that signs from now on, beside the old ones. */
  addKey(): Promise<void>;
  /** Removes all keys that sign but the newest. */
  removeOldKeys(): Promise<void>;
  remove(): Promise<void>;
}

/** The client whose tokens hold all claims, and the one whose tokens are lightweight. */
export const KEYCLOAK_CLIENT = 'fhir-app';
export const LIGHTWEIGHT_CLIENT = 'light-app';

type Call = (method: string, path: string, body?: object) => Promise<unknown>;

interface KeyComponent {
  readonly id: string;
  readonly providerId: string;
  readonly name: string;
}

const SECRET = 'secret-of-the-app';
const PASSWORD = 'password-of-everybody';
const NEWEST_KEY = 'newest';

/** Makes a realm through the administration API; people are named with their realm roles. */
export async function makeKeycloakRealm(
  url: string,
  realm: string,
  people: Readonly<Record<string, readonly string[]>>,
): Promise<KeycloakRealm> {
  const call = administration(url);
  await call('POST', '/realms', representation(realm, people));
  const endpoints = `${url}/realms/${realm}/protocol/openid-connect`;
  const tokens = (form: Readonly<Record<string, string>>) =>
    requestTokens(`${endpoints}/token`, { client_secret: SECRET, ...form });
  const asPerson = (username: string, clientId = KEYCLOAK_CLIENT) =>
    tokens({ grant_type: 'password', client_id: clientId, username, password: PASSWORD });
  const userId = async (username: string): Promise<string> => {
    const found = await call('GET', `/realms/${realm}/users?exact=true&username=${username}`);
    return (found as readonly { readonly id: string }[])[0]?.id ?? '';
  };
  const users = `/realms/${realm}/users`;
  return {
    issuer: await issuerOf(`${url}/realms/${realm}`),
    jwksUri: `${endpoints}/certs`,
    introspectionEndpoint: `${endpoints}/token/introspect`,
    clientAuthorization: `Basic ${Buffer.from(`${KEYCLOAK_CLIENT}:${SECRET}`).toString('base64')}`,
    personsTokens: asPerson,
    serviceToken: async () => {
      const grant = { grant_type: 'client_credentials', client_id: KEYCLOAK_CLIENT };
      return (await tokens(grant)).access_token;
    },
    admits: (username) => succeeds(asPerson(username)),
    refreshes: ({ refresh_token }) =>
      succeeds(tokens({ grant_type: 'refresh_token', client_id: KEYCLOAK_CLIENT, refresh_token })),
    removeRole: async (username, role) => {
      const held = `${users}/${await userId(username)}/role-mappings/realm`;
      const roles = (await call('GET', held)) as readonly { readonly name: string }[];
      await call(
        'DELETE',
        held,
        roles.filter(({ name }) => name === role),
      );
    },
    logOut: async (username) => {
      await call('POST', `${users}/${await userId(username)}/logout`);
    },
    disable: async (username) => {
      const path = `${users}/${await userId(username)}`;
      await call('PUT', path, { ...((await call('GET', path)) as object), enabled: false });
    },
    addKey: async () => {
      await call('POST', `/realms/${realm}/components`, newestKey());
    },
    removeOldKeys: () => removeOldKeys(call, `/realms/${realm}/components`),
    remove: async () => {
      await call('DELETE', `/realms/${realm}`);
    },
  };
}

function representation(
  realm: string,
  people: Readonly<Record<string, readonly string[]>>,
): object {
  return {
    realm,
    enabled: true,
    roles: { realm: [...new Set(Object.values(people).flat())].map((name) => ({ name })) },
    clients: [
      client(KEYCLOAK_CLIENT, {}),
      client(LIGHTWEIGHT_CLIENT, { 'client.use.lightweight.access.token.enabled': 'true' }),
    ],
    users: Object.entries(people).map(([username, realmRoles]) => ({
      username,
      realmRoles,
      enabled: true,
      email: `${username}@example.com`,
      emailVerified: true,
      firstName: username,
      lastName: 'Person',
      credentials: [{ type: 'password', value: PASSWORD }],
    })),
  };
}

function client(clientId: string, attributes: Readonly<Record<string, string>>): object {
  return {
    clientId,
    attributes,
    secret: SECRET,
    publicClient: false,
    standardFlowEnabled: false,
    directAccessGrantsEnabled: true,
    serviceAccountsEnabled: true,
  };
}

function newestKey(): object {
  return {
    name: NEWEST_KEY,
    providerId: 'rsa-generated',
    providerType: 'org.keycloak.keys.KeyProvider',
    config: { priority: ['200'], enabled: ['true'], active: ['true'], algorithm: ['RS256'] },
  };
}

async function removeOldKeys(call: Call, path: string): Promise<void> {
  const all = await call('GET', `${path}?type=org.keycloak.keys.KeyProvider`);
  const old = (all as readonly KeyComponent[]).filter(
    ({ providerId, name }) => providerId === 'rsa-generated' && name !== NEWEST_KEY,
  );
  for (const { id } of old) await call('DELETE', `${path}/${id}`);
}

function succeeds(request: Promise<unknown>): Promise<boolean> {
  return request.then(
    () => true,
    () => false,
  );
}

async function issuerOf(address: string): Promise<string> {
  const response = await fetch(`${address}/.well-known/openid-configuration`);
  return ((await response.json()) as { readonly issuer: string }).issuer;
}

// Its own tokens live for a minute, so every call is made with a new one.
function administration(url: string): Call {
  return async (method, path, body) => {
    const { access_token: token } = await requestTokens(
      `${url}/realms/master/protocol/openid-connect/token`,
      { grant_type: 'password', client_id: 'admin-cli', username: 'admin', password: 'admin' },
    );
    const response = await fetch(`${url}/admin${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  };
}

async function requestTokens(
  endpoint: string,
  form: Readonly<Record<string, string>>,
): Promise<KeycloakTokens> {
  const response = await fetch(endpoint, { method: 'POST', body: new URLSearchParams(form) });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as KeycloakTokens;
}
