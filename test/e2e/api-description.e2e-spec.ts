import { jest } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/test-app.js';

interface MediaType {
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly security?: unknown;
  readonly description?: string;
  readonly parameters?: readonly { name: string; in: string; schema: { example?: string } }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, MediaType>> };
  readonly responses: Readonly<Record<string, { readonly $ref?: string }>>;
}

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly tags: readonly { readonly name: string }[];
}

// A loaded machine may take longer than the default to start an application.
jest.setTimeout(60_000);

const SYSTEM_TYPES = [
  'TokenIntrospector',
  'IdentityProvider',
  'User',
  'Role',
  'Client',
  'AccessPolicy',
];

describe('the description of the API', () => {
  let app: TestApp;
  let description: Description;

  beforeAll(async () => {
    app = await startTestApp();
    const reply = await app.call('GET', '/docs/openapi.json');
    description = reply.json as unknown as Description;
  });
  afterAll(async () => {
    await app.stop();
  });

  const operations = (): readonly Operation[] =>
    Object.values(description.paths).flatMap((item) => Object.values(item));

  /** Sends an example request of the description as the page does. */
  async function press(method: string, path: string, mediaType: string, body: unknown) {
    const operation = description.paths[path]?.[method];
    const url = (operation?.parameters ?? [])
      .filter((parameter) => parameter.in === 'path')
      .reduce((at, { name, schema }) => at.replace(`{${name}}`, schema.example ?? ''), path);
    const headers = { 'content-type': mediaType };
    return app.call(method.toUpperCase(), url, { asRoot: true, body, headers });
  }

  it('names every operation once', () => {
    const ids = operations().map(({ operationId }) => operationId);

    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(
      expect.arrayContaining(['readRole', 'readRolePlain', 'createClinical', 'liveHealth']),
    );
  });

  it('refers to nothing that it does not hold', () => {
    const references = JSON.stringify(description).matchAll(/"\$ref":"#\/components\/([^"]*)"/g);
    const missing = [...references]
      .map(([, path = '']) => path.split('/'))
      .filter(([kind = '', name = '']) => !Object.hasOwn(description.components[kind] ?? {}, name));

    expect(missing).toEqual([]);
  });

  it('describes 401 and 403 once, for every route that the guard decides', () => {
    const guarded = operations().filter(({ security }) => security !== undefined);

    expect(guarded.length).toBeGreaterThan(100);
    for (const { responses } of guarded) {
      expect(responses['401']).toEqual({ $ref: '#/components/responses/401' });
      expect(responses['403']).toEqual({ $ref: '#/components/responses/403' });
    }
  });

  it('names the operation that policies see', () => {
    expect(description.paths['/fhir/User/{id}']?.['get']?.description).toContain('`FhirRead`');
    expect(description.paths['/User/{id}']?.['get']?.description).toContain('`FhirRead`');
    expect(description.paths['/fhir/{type}']?.['post']?.description).toContain('`FhirCreate`');
  });

  it('explains every section', () => {
    const explained = new Set(description.tags.map(({ name }) => name));
    const used = new Set(operations().flatMap(({ tags }) => tags));

    expect([...used].filter((name) => !explained.has(name))).toEqual([]);
  });

  describe.each(SYSTEM_TYPES)('of %s', (type) => {
    const path = `/fhir/${type}/{id}`;

    it('has examples that are accepted as they stand', async () => {
      const content = description.paths[path]?.['put']?.requestBody?.content ?? {};
      const examples = Object.entries(content['application/json']?.examples ?? {});

      expect(examples.length).toBeGreaterThan(1);
      for (const [, { value }] of examples.reverse()) {
        const reply = await press('put', path, 'application/json', value);

        expect([200, 201]).toContain(reply.status);
      }
    });

    it.each(['application/merge-patch+json', 'application/json-patch+json'])(
      'has an example of %s',
      async (mediaType) => {
        const content = description.paths[path]?.['patch']?.requestBody?.content ?? {};

        const reply = await press('patch', path, mediaType, content[mediaType]?.example);

        expect(reply.status).toBe(200);
      },
    );

    it('answers the read of its example', async () => {
      expect((await press('get', path, 'application/json', undefined)).status).toBe(200);
    });
  });

  it('has an example of a clinical resource to create and to replace', async () => {
    const example = (path: string, method: string): unknown =>
      description.paths[path]?.[method]?.requestBody?.content['application/json']?.examples?.[
        'Patient'
      ]?.value;
    const create = example('/fhir/{type}', 'post');
    const replace = example('/fhir/{type}/{id}', 'put');

    for (const status of [201, 201]) {
      expect((await press('post', '/fhir/{type}', 'application/json', create)).status).toBe(status);
    }
    for (const status of [201, 200]) {
      const reply = await press('put', '/fhir/{type}/{id}', 'application/json', replace);
      expect(reply.status).toBe(status);
    }
  });

  it('is left out when it is not public', async () => {
    const closed = await startTestApp({ WARDGATE_DOCS_PUBLIC: 'false' });
    try {
      expect((await closed.call('GET', '/docs/openapi.json')).status).toBe(401);
      expect((await closed.call('GET', '/docs/openapi.json', { asRoot: true })).status).toBe(404);
    } finally {
      await closed.stop();
    }
  });
});
