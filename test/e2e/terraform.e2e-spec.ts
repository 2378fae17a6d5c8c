import { readFileSync } from 'node:fs';
import { startTestApp, type Reply, type TestApp } from '../support/test-app.js';

interface FullResource {
  readonly name: string;
  readonly type: string;
  readonly resource: Readonly<Record<string, unknown>>;
}

const FULL = JSON.parse(
  readFileSync(new URL('../vectors/resources/full-resources.json', import.meta.url), 'utf8'),
) as FullResource[];

/** Elements whose content nobody converts. */
const OPEN = new Set([
  'data',
  'context',
  'parameters',
  'details',
  'matcho',
  'schema',
  'identifier',
]);

/** The model in which configuration tools write references. */
function inPlainForm(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inPlainForm);
  if (typeof value !== 'object' || value === null) return value;
  const { reference, ...rest } = value as Record<string, unknown>;
  const members = Object.entries(rest).map(([name, member]) => [
    name,
    OPEN.has(name) ? member : inPlainForm(member),
  ]);
  const [resourceType, id] = typeof reference === 'string' ? reference.split('/') : [];
  return { ...Object.fromEntries(members), ...(id === undefined ? {} : { resourceType, id }) };
}

function written({ json = {} }: Reply): Record<string, unknown> {
  const { meta, resourceType, id, ...rest } = json;
  expect(meta).toMatchObject({ versionId: expect.any(String), lastUpdated: expect.any(String) });
  expect([typeof resourceType, typeof id]).toEqual(['string', 'string']);
  return rest;
}

/** What an existing provider of this resource model for Terraform relies on. */
describe('configuration tools that compare what they read with what they wrote', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp({ BOX_SECURITY_MASK_SECRETS: 'false' });
  }, 60_000);
  afterAll(async () => {
    await app.stop();
  });

  const root = (method: string, path: string, more: object = {}): Promise<Reply> =>
    app.call(method, path, { asRoot: true, ...more });
  const read = (path: string) => root('GET', path, { headers: { accept: 'application/json' } });

  it.each(FULL)('read back what they wrote: $name', async ({ type, resource }) => {
    const plain = inPlainForm(resource);

    const created = await root('POST', `/${type}`, { body: `${JSON.stringify(plain)}\n` });
    const { id } = created.json as { id: string };
    const path = `/${type}/${id}`;
    expect(created.status).toBe(201);
    expect(written(created)).toEqual(plain);
    expect(written(await read(path))).toEqual(plain);
    expect(written(await read(`/fhir${path}`))).toEqual(resource);

    const updated = await root('PUT', `/fhir${path}`, { body: resource });
    expect([updated.status, updated.json?.['id']]).toEqual([200, id]);
    expect(written(updated)).toEqual(resource);
    expect(written(await read(path))).toEqual(plain);
    expect((await root('DELETE', path, { body: {} })).status).toBe(200);
  });

  it.each(FULL)('write YAML as well as JSON: $name', async ({ type, resource }) => {
    const { json } = await root('POST', `/fhir/${type}`, { body: resource });
    const path = `/fhir/${type}/${String(json?.['id'])}`;
    const yaml = await read(`${path}?_format=yaml`);

    const again = await root('PUT', path, {
      body: yaml.text,
      headers: { 'content-type': 'text/yaml' },
    });

    expect(again.status).toBe(200);
    expect(written(again)).toEqual(resource);
    await root('DELETE', path);
  });

  it('address types after two slashes, as a base URL with a slash at its end makes them', async () => {
    const body = {
      type: 'jwt',
      jwks_uri: 'https://i.example/jwks',
      jwt: { iss: 'https://i.example' },
    };

    const created = await root('POST', '//TokenIntrospector', { body });

    expect(created.status).toBe(201);
    expect(written(created)).toEqual(body);
    const path = `//TokenIntrospector/${String(created.json?.['id'])}`;
    expect((await read(path)).status).toBe(200);
    const replaced = await root('PUT', path, {
      body: { type: 'jwt', jwt: { iss: 'i', secret: 's' } },
    });
    expect(written(replaced)).toEqual({ type: 'jwt', jwt: { iss: 'i', secret: 's' } });
    expect((await root('DELETE', path, { body: {} })).status).toBe(200);
  });

  it('honour an id that a creation brings, and keep the hashed secret of a Client as it is', async () => {
    const client = {
      id: 'my-client',
      secret: `__sha256:${'b'.repeat(64)}`,
      grant_types: ['basic'],
    };

    const created = await root('POST', '/Client', { body: client });
    const updated = await root('PUT', '/Client/my-client', { body: client });

    expect([created.status, updated.status]).toEqual([201, 200]);
    for (const reply of [created, updated, await read('/Client/my-client')]) {
      expect(reply.json).toMatchObject({ ...client, resourceType: 'Client' });
      expect(written(reply)).toEqual({ secret: client.secret, grant_types: ['basic'] });
    }
  });

  it('find the User of the first start, who has no second factor', async () => {
    const { status, json } = await read('/User/admin');

    expect(status).toBe(200);
    expect(json).not.toHaveProperty('twoFactor');
    expect(json).not.toHaveProperty('password');
  });

  it('are told what is wrong with a resource', async () => {
    const reply = await root('POST', '/AccessPolicy', { body: { engine: 'clj' } });

    expect(reply.status).toBe(422);
    expect(reply.json).toMatchObject({
      resourceType: 'OperationOutcome',
      issue: [{ diagnostics: expect.any(String), expression: ['AccessPolicy.engine'] }],
    });
  });
});
