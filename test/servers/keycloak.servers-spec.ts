import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { startTestApp, type TestApp } from '../support/test-app.js';

const ROOT = join(import.meta.dirname, '../..');

interface ComposeFile {
  readonly services: {
    readonly wardgate: { readonly environment: Readonly<Record<string, string>> };
  };
}

interface Realm {
  readonly clients: readonly { readonly clientId: string; readonly secret: string }[];
}

interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly id_token: string;
}

const file = (path: string) => readFileSync(join(ROOT, path), 'utf8');

/** The settings that docker-compose.yml gives Wardgate, but for the servers around it. */
function composedSettings(): Record<string, string> {
  const { services } = parse(file('docker-compose.yml')) as ComposeFile;
  return Object.fromEntries(
    Object.entries(services.wardgate.environment).filter(([name]) =>
      name.startsWith('BOX_SECURITY_'),
    ),
  );
}

describe('the tutorial with Keycloak itself', () => {
  const keycloakUrl = process.env['WARDGATE_TEST_KEYCLOAK_URL'] ?? '';
  const [client] = (JSON.parse(file('docker/keycloak/myrealm.json')) as Realm).clients;
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp(composedSettings());
  });
  afterAll(() => app.stop());

  const writeResources = async (adapt: (printed: string) => string) => [
    await app.put(
      '/fhir/IdentityProvider/keycloak',
      adapt(file('docker/keycloak/identity-provider.yaml')),
    ),
    await app.put(
      '/fhir/TokenIntrospector/keycloak-jwt-introspector',
      adapt(file('docker/keycloak/token-introspector.yaml')),
    ),
    await app.put(
      '/fhir/AccessPolicy/keycloak-users-policy',
      adapt(file('docker/keycloak/access-policy.yaml')),
    ),
  ];

  it('takes the resources as printed, with the settings of docker-compose.yml', async () => {
    const replies = await writeResources((printed) => printed);

    expect(replies.map(({ status }) => status)).toEqual([201, 201, 201]);
    const warnings = replies.map(({ headers }) => headers.get('warning') ?? '');
    expect(warnings.join()).not.toContain('will not be called');
  });

  describe('at an address that this machine knows', () => {
    // Only the container's name is replaced; the issuer stays as it is printed.
    beforeAll(async () => {
      await writeResources((printed) => printed.replaceAll('http://keycloak:8180', keycloakUrl));
    });

    const requestTokens = async (realm: string, form: Readonly<Record<string, string>>) => {
      const response = await fetch(`${keycloakUrl}/realms/${realm}/protocol/openid-connect/token`, {
        method: 'POST',
        body: new URLSearchParams({ scope: 'openid profile email', ...form }),
      });
      if (!response.ok) throw new Error(await response.text());
      return (await response.json()) as Tokens;
    };
    const asClient = (grant: Readonly<Record<string, string>>) =>
      requestTokens('myrealm', {
        client_id: client?.clientId ?? '',
        client_secret: client?.secret ?? '',
        ...grant,
      });
    const serviceAccount = () => asClient({ grant_type: 'client_credentials' });
    const person = () =>
      asClient({ grant_type: 'password', username: 'testuser', password: 'testpass123' });

    const readPatients = (token: string) => app.call('GET', '/fhir/Patient', { token });
    const usersOf = async (token: string) => {
      const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
      const { sub } = JSON.parse(payload) as { readonly sub: string };
      const reply = await app.call('GET', '/fhir/User', { asRoot: true });
      const entries = reply.json?.['entry'] as { readonly resource: Record<string, unknown> }[];
      const users = entries
        .map(({ resource }) => resource)
        .filter(({ identifier }) => JSON.stringify(identifier ?? []).includes(sub));
      return { sub, users };
    };

    it('creates the User of a service account, once, as the tutorial shows it', async () => {
      const { access_token: token } = await serviceAccount();

      expect((await readPatients(token)).status).toBe(200);
      expect((await readPatients((await serviceAccount()).access_token)).status).toBe(200);

      const { sub, users } = await usersOf(token);
      expect(users).toEqual([
        {
          resourceType: 'User',
          id: expect.stringMatching(/^[0-9a-f-]{36}$/),
          meta: expect.anything(),
          identifier: [{ system: 'keycloak', value: sub }],
          data: {
            sub,
            email_verified: false,
            preferred_username: 'service-account-my-client',
          },
        },
      ]);
    });

    it('creates the User of a person with what the userinfo endpoint knows', async () => {
      const { access_token: token } = await person();

      expect((await readPatients(token)).status).toBe(200);

      const { sub, users } = await usersOf(token);
      expect(users.map(({ data }) => data)).toEqual([
        {
          sub,
          email_verified: true,
          name: 'Test User',
          preferred_username: 'testuser',
          given_name: 'Test',
          family_name: 'User',
          email: 'testuser@example.com',
        },
      ]);
    });

    it.each(['id_token', 'refresh_token'] as const)('refuses its %s', async (kind) => {
      const tokens = await person();

      expect((await readPatients(tokens[kind])).status).toBe(401);
      expect((await readPatients(tokens.access_token)).status).toBe(200);
    });

    it('refuses a token of another realm of the same server', async () => {
      const tokens = await requestTokens('master', {
        client_id: 'admin-cli',
        grant_type: 'password',
        username: 'admin',
        password: 'admin',
      });

      expect((await readPatients(tokens.access_token)).status).toBe(401);
    });
  });
});
