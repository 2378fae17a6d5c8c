import { startTestApp, type Reply, type TestApp } from '../support/test-app.js';

describe('system resources', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(async () => {
    await app.stop();
  });

  const root = (method: string, path: string, more: object = {}): Promise<Reply> =>
    app.call(method, path, { asRoot: true, ...more });
  const withoutMeta = ({ json }: Reply) => {
    const { meta, ...rest } = json ?? {};
    expect(meta).toBeDefined();
    return rest;
  };

  describe('create, update, delete', () => {
    it('answers 201 with Location, ETag and Last-Modified, then 200 on replacement', async () => {
      const role = { name: 'doctor', user: { reference: 'User/u1' } };

      const created = await root('PUT', '/fhir/Role/r1', { body: role });
      const replaced = await root('PUT', '/fhir/Role/r1', { body: { ...role, name: 'nurse' } });

      expect([created.status, replaced.status]).toEqual([201, 200]);
      expect(created.headers.get('location')).toBe(`${app.baseUrl}/fhir/Role/r1/_history/1`);
      expect(created.headers.get('etag')).toBe('W/"1"');
      expect(created.headers.get('last-modified')).toMatch(/GMT$/);
      expect(replaced.headers.get('etag')).toBe('W/"2"');
      expect(withoutMeta(replaced)).toEqual({
        resourceType: 'Role',
        id: 'r1',
        ...role,
        name: 'nurse',
      });
    });

    it('keeps earlier versions readable, and the deletion in the history', async () => {
      await root('PUT', '/fhir/Role/r2', { body: { name: 'a', user: { reference: 'User/u1' } } });
      await root('PUT', '/fhir/Role/r2', { body: { name: 'b', user: { reference: 'User/u1' } } });
      const deleted = await root('DELETE', '/fhir/Role/r2');

      const first = await root('GET', '/fhir/Role/r2/_history/1');
      const history = await root('GET', '/fhir/Role/r2/_history');

      expect(deleted.json).toMatchObject({ resourceType: 'Role', name: 'b' });
      expect(first.json).toMatchObject({ name: 'a' });
      const methods = (history.json?.['entry'] as { request: { method: string } }[]).map(
        ({ request }) => request.method,
      );
      expect(methods).toEqual(['DELETE', 'PUT', 'PUT']);
    });

    it('tells a deleted id from an unknown one, and a second deletion from the first', async () => {
      await root('PUT', '/fhir/Role/r3', { body: { name: 'a', user: { reference: 'User/u1' } } });

      expect((await root('DELETE', '/fhir/Role/r3')).status).toBe(200);
      expect((await root('DELETE', '/fhir/Role/r3')).status).toBe(204);
      expect((await root('GET', '/fhir/Role/r3')).status).toBe(410);
      expect((await root('GET', '/fhir/Role/never')).status).toBe(404);
    });

    it('honours an id that a POST brings once, and no more after its deletion', async () => {
      const body = { id: 'posted', name: 'a', user: { reference: 'User/u1' } };

      expect((await root('POST', '/fhir/Role', { body })).status).toBe(201);
      expect((await root('POST', '/fhir/Role', { body })).status).toBe(409);
      await root('DELETE', '/fhir/Role/posted');
      expect((await root('POST', '/fhir/Role', { body })).status).toBe(409);
      expect((await root('PUT', '/fhir/Role/posted', { body })).status).toBe(201);
    });

    it('takes If-Match and If-None-Match at their word', async () => {
      const body = { name: 'a', user: { reference: 'User/u1' } };
      const put = (headers: object) => root('PUT', '/fhir/Role/r4', { body, headers });
      await put({});

      expect((await put({ 'if-match': 'W/"7"' })).status).toBe(412);
      expect((await put({ 'if-match': 'W/"1"' })).status).toBe(200);
      const read = (etag: string) =>
        root('GET', '/fhir/Role/r4', { headers: { 'if-none-match': etag } });
      expect((await read('W/"2"')).status).toBe(304);
      expect((await read('W/"1"')).status).toBe(200);
    });

    it('answers what Prefer asks for', async () => {
      const body = { name: 'a', user: { reference: 'User/u1' } };
      const put = (prefer: string) => root('PUT', '/fhir/Role/r5', { body, headers: { prefer } });

      expect((await put('return=minimal')).text).toBe('');
      expect((await put('return=OperationOutcome')).json).toMatchObject({
        resourceType: 'OperationOutcome',
      });
      expect((await put('return=representation')).json).toMatchObject({ resourceType: 'Role' });
    });

    it('loses no version under 100 parallel updates', async () => {
      const put = (name: string) =>
        root('PUT', '/fhir/Role/parallel', { body: { name, user: { reference: 'User/u1' } } });

      const replies = await Promise.all(Array.from({ length: 100 }, (_, at) => put(`n${at}`)));

      const etags = replies.map(({ headers }) => Number(headers.get('etag')?.match(/\d+/)?.[0]));
      expect(etags.toSorted((a, b) => a - b)).toEqual(
        Array.from({ length: 100 }, (_, at) => at + 1),
      );
    });
  });

  describe('formats and references', () => {
    const policy = {
      engine: 'matcho',
      matcho: { $one_of_text: 'x', list: [3, 1, 2], 'request-method': 'get' },
      link: [{ resourceType: 'Client', id: 'a' }],
    };

    it('speaks of references as its family of routes does', async () => {
      const body = { ...policy, matcho: { list: [3, 1, 2] } };
      const plain = await root('PUT', '/AccessPolicy/refs', { body });
      const fhir = await root('GET', '/fhir/AccessPolicy/refs');

      expect(withoutMeta(plain)).toEqual({ resourceType: 'AccessPolicy', id: 'refs', ...body });
      expect(fhir.json?.['link']).toEqual([{ reference: 'Client/a' }]);
    });

    it('refuses a reference whose two forms disagree', async () => {
      const link = [{ reference: 'Client/b', resourceType: 'Client', id: 'a' }];
      const reply = await root('PUT', '/AccessPolicy/both', { body: { engine: 'allow', link } });

      expect(reply.status).toBe(422);
    });

    it('reads YAML and answers YAML, with comments and a repeated key', async () => {
      const yaml = `// made by hand
engine: allow
link:
  - reference: Client/a
description: first
description: second
`;
      const put = await root('PUT', '/fhir/AccessPolicy/yaml', {
        body: yaml,
        headers: { 'content-type': 'text/yaml', accept: 'text/yaml' },
      });

      expect(put.status).toBe(201);
      expect(put.headers.get('content-type')).toMatch(/^text\/yaml/);
      expect(put.text).toContain('description: second');
      expect((await root('GET', '/fhir/AccessPolicy/yaml?_format=yaml')).text).toContain(
        'engine: allow',
      );
    });

    it('collapses duplicate slashes, as configuration tools send them', async () => {
      expect((await root('GET', '//AccessPolicy/refs')).status).toBe(200);
    });

    it('tolerates the body of a DELETE', async () => {
      await root('PUT', '/fhir/Role/with-body', {
        body: { name: 'a', user: { reference: 'User/u' } },
      });

      expect((await root('DELETE', '/Role/with-body', { body: {} })).status).toBe(200);
    });
  });

  describe('validation', () => {
    it('reports every problem with its place', async () => {
      const body = { type: 'jwt', cache_ttl: 0, jwt: { iss: 7 }, nonsense: true };
      const reply = await root('PUT', '/fhir/TokenIntrospector/bad', { body });

      expect(reply.status).toBe(422);
      const places = (reply.json?.['issue'] as { expression?: string[] }[]).flatMap(
        ({ expression }) => expression ?? [],
      );
      expect(places).toEqual(
        expect.arrayContaining([
          'TokenIntrospector.cache_ttl',
          'TokenIntrospector.jwt.iss',
          'TokenIntrospector.nonsense',
        ]),
      );
    });

    it.each([
      ['an engine that there is not', { engine: 'clj' }],
      ['a matcho policy without a pattern', { engine: 'matcho' }],
      ['a pattern of another engine', { engine: 'allow', matcho: { a: 1 } }],
      ['an unknown operator', { engine: 'matcho', matcho: { a: { $or: [1] } } }],
      ['an empty pattern', { engine: 'matcho', matcho: {} }],
      [
        'an unknown keyword of JSON Schema',
        { engine: 'json-schema', schema: { requird: ['jwt'] } },
      ],
      ['an empty link', { engine: 'allow', link: [] }],
      ['a link of null', { engine: 'allow', link: null }],
      ['a link to a Patient', { engine: 'allow', link: [{ reference: 'Patient/p' }] }],
      ['an empty roleName', { engine: 'allow', roleName: '' }],
    ])('refuses a policy with %s', async (_name, body) => {
      const reply = await root('PUT', '/fhir/AccessPolicy/bad', { body });

      expect(reply.status).toBe(422);
      expect((await root('GET', '/fhir/AccessPolicy/bad')).status).toBe(404);
    });

    it('takes a policy that is right', async () => {
      const body = { engine: 'matcho', matcho: { user: { id: 'present?' } } };

      expect((await root('PUT', '/fhir/AccessPolicy/good', { body })).status).toBe(201);
    });
  });
});
