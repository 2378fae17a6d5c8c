import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { askHapi, HAPI_URL, ownMark } from '../support/hapi.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const ROOT = join(import.meta.dirname, '../..');
const KEYCLOAK_URL = process.env['WARDGATE_TEST_KEYCLOAK_URL'] ?? '';

interface ComposeFile {
  readonly services: Readonly<
    Record<string, { readonly environment?: object; readonly ports?: unknown; networks?: unknown }>
  >;
  readonly networks?: Readonly<Record<string, object>>;
}

const file = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const composed = (path: string) => parse(file(path)) as ComposeFile;

describe('the example with Keycloak, HAPI FHIR and Wardgate', () => {
  const example = composed('docs/examples/gateway/docker-compose.yml');
  const settings = {
    ...composed('docker-compose.yml').services['wardgate']?.environment,
    ...example.services['wardgate']?.environment,
  } as Record<string, string>;
  const mark = ownMark();
  let app: TestApp;

  beforeAll(async () => {
    const own = ['BOX_SECURITY_INTROSPECTION_CREATE_USER', 'BOX_SECURITY_IDP_ALLOWED_HOSTS'];
    app = await startTestApp({
      ...Object.fromEntries(own.map((name) => [name, settings[name] ?? ''])),
      FHIR_UPSTREAM_URL: (settings['FHIR_UPSTREAM_URL'] ?? '').replace(
        'http://hapi:8080/fhir',
        HAPI_URL,
      ),
    });
    const resources = {
      'IdentityProvider/keycloak': 'identity-provider',
      'TokenIntrospector/keycloak-jwt-introspector': 'token-introspector',
      'AccessPolicy/keycloak-users-policy': 'access-policy',
    };
    for (const [path, name] of Object.entries(resources)) {
      const printed = file(`docker/keycloak/${name}.yaml`);
      await app.put(`/fhir/${path}`, printed.replaceAll('http://keycloak:8180', KEYCLOAK_URL), {
        'content-type': 'text/yaml',
      });
    }
  });
  afterAll(() => app.stop());

  it('leaves HAPI to Wardgate alone', () => {
    expect(example.services['hapi']?.ports).toBeUndefined();
    expect(example.services['hapi']?.networks).toEqual(['clinical']);
    expect(example.networks).toEqual({ clinical: { internal: true } });
  });

  it('runs the tutorial on resources of HAPI', async () => {
    const response = await fetch(`${KEYCLOAK_URL}/realms/myrealm/protocol/openid-connect/token`, {
      method: 'POST',
      body: new URLSearchParams({
        client_id: 'my-client',
        client_secret: 'my-client-secret-for-development-only',
        grant_type: 'client_credentials',
        scope: 'openid profile email',
      }),
    });
    const { access_token: token } = (await response.json()) as { readonly access_token: string };
    await askHapi('PUT', `/Patient/${mark}`, { resourceType: 'Patient', id: mark });

    const found = await app.call('GET', `/fhir/Patient?_id=${mark}`, { token });

    expect(found.status).toBe(200);
    expect(found.json).toMatchObject({
      type: 'searchset',
      entry: [{ fullUrl: `${app.baseUrl}/fhir/Patient/${mark}`, resource: { id: mark } }],
    });
    expect((await app.call('GET', `/fhir/Patient/${mark}`)).status).toBe(401);
    const users = await app.call('GET', '/fhir/User', { asRoot: true });
    expect(users.text).toContain('service-account-my-client');
    expect((await app.call('GET', '/fhir/User', { token })).status).toBe(403);
  });
});
