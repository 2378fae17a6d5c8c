import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { operationsTable, type OperationResource } from '../../src/access/designing/operations.js';
import { RouteTable } from '../../src/access/routes/route-table.js';
import { basic, startTestApp, type Call, type Reply, type TestApp } from '../support/test-app.js';

const AS_TRIAL = { authorization: basic('trial', 'trial-secret') };

/** What an OperationOutcome says, in one text. */
const outcome = (reply: Reply) => JSON.stringify(reply.json?.['issue']);

describe('designing policies', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp();
    await app.put('/Client/trial', { secret: 'trial-secret', grant_types: ['basic'] });
    // Everything but administrator: its policy speaks of administration, by a pattern.
    await app.put('/AccessPolicy/trial', { engine: 'matcho', matcho: { client: { id: 'trial' } } });
    await app.put('/User/sleeper', { inactive: true });
    await app.put('/Client/sleeper', { active: false });
  });
  afterAll(async () => {
    await app.stop();
  });

  const post = (path: string, body: unknown, call: Call = { asRoot: true }) =>
    app.call('POST', path, { ...call, body });
  const ALLOW = { engine: 'allow' };

  describe('for administrators only', () => {
    const MATCHO = { matcho: { a: 1 }, resource: { a: 1 } };
    const TRIAL = { request: { uri: '/fhir/Patient' }, policy: ALLOW };

    it.each([
      ['GET', '/Operation', undefined],
      ['POST', '/$matcho', MATCHO],
      ['POST', '/auth/test-policy', TRIAL],
    ])('%s %s is 200 for root, 403 with a reason for others, 401 for nobody', async (...aid) => {
      const [method, path, body] = aid;
      const call = (options: Call) => app.call(method, path, { body, ...options });

      expect((await call({ asRoot: true })).status).toBe(200);
      const refused = await call({ headers: AS_TRIAL });
      expect(refused.status).toBe(403);
      expect(outcome(refused)).toContain('administrators');
      expect((await call({})).status).toBe(401);
    });

    it('stays for administrators when a policy allows everything to everybody', async () => {
      await app.put('/AccessPolicy/open', ALLOW);
      try {
        expect((await post('/$matcho', MATCHO, { headers: AS_TRIAL })).status).toBe(403);
        expect((await post('/$matcho', MATCHO, {})).status).toBe(401);
        expect((await app.call('GET', '/fhir/Patient')).status).toBe(200);
      } finally {
        await app.call('DELETE', '/AccessPolicy/open', { asRoot: true });
      }
    });

    it('refuses parameters that nothing would come of', async () => {
      const reply = await app.call('GET', '/Operation?_count=1', { asRoot: true });

      expect(reply.status).toBe(400);
    });
  });

  describe('GET /Operation', () => {
    const operations = async () => {
      const { json } = await app.call('GET', '/Operation', { asRoot: true });
      return (json?.['entry'] as { resource: OperationResource }[]).map(({ resource }) => resource);
    };

    it('lists every operation with its requests', async () => {
      const found = await operations();
      const read = found.find(({ id }) => id === 'FhirRead');

      expect(read).toMatchObject({ resourceType: 'Operation', public: false });
      expect(read?.request).toContainEqual({
        ...{ method: 'get', path: '/fhir/{type}/{id}', summary: 'Read' },
      });
      expect(read?.request).toContainEqual(
        expect.objectContaining({ method: 'get', path: '/User/{id}' }),
      );
      expect(found.filter((each) => each.public).map(({ id }) => id)).toContain(
        'FhirCapabilityStatement',
      );
    });

    it('names what the server serves, and leaves out nothing that it decides about', async () => {
      const server = app.nest.getHttpAdapter().getInstance();
      const routes = app.nest.get(RouteTable, { strict: false }).routes();
      const unnamed = routes.filter(
        ({ route }) => !route.isPublic && route.operation === undefined,
      );

      for (const { method, path } of routes) {
        expect(server.hasRoute({ method: method, url: path })).toBe(true);
      }
      // Paths that no route serves.
      expect(new Set(unnamed.map(({ path }) => path))).toEqual(new Set(['/', '/*']));
    });

    it('is what docs/operations.md says; npm run docs:operations writes it', async () => {
      const page = readFileSync(join(import.meta.dirname, '../../docs/operations.md'), 'utf8');

      expect(page).toContain(`\n${operationsTable(await operations())}\n\n<!-- end -->`);
    });
  });

  describe('POST /$matcho', () => {
    it('answers the documented example', async () => {
      const reply = await post('/$matcho', { matcho: { a: 1 }, resource: { a: 2 } });

      expect(reply.status).toBe(200);
      expect(reply.json).toEqual({
        matcho: { a: 1 },
        resource: { a: 2 },
        result: [{ expected: 1, but: 2, path: ['a'] }],
      });
    });

    it('answers no difference when the resource matches', async () => {
      const reply = await post('/$matcho', { matcho: { a: 1 }, resource: { a: 1, b: 2 } });

      expect(reply.json).toMatchObject({ result: [] });
    });

    it('lists every difference', async () => {
      const reply = await post('/$matcho', {
        matcho: { a: 1, b: { c: 'present?' }, d: 3 },
        resource: { a: 2, d: 3 },
      });

      expect(reply.json).toMatchObject({ result: [{ path: ['a'] }, { path: ['b'] }] });
    });

    it('looks for paths in the context, and nowhere else', async () => {
      const body = { matcho: { x: '.user.id' }, resource: { x: 'u1', user: { id: 'u1' } } };

      expect(
        (await post('/$matcho', { ...body, context: { user: { id: 'u1' } } })).json,
      ).toMatchObject({ result: [] });
      expect((await post('/$matcho', body)).json).toMatchObject({ result: [{ path: ['x'] }] });
    });

    it('reads and answers YAML', async () => {
      const reply = await app.call('POST', '/$matcho', {
        asRoot: true,
        body: 'matcho: { a: 1 }\nresource: { a: 2 }\n',
        headers: { accept: 'text/yaml' },
      });

      expect(reply.headers.get('content-type')).toContain('text/yaml');
      expect(reply.text).toContain('expected: 1');
    });

    it.each([
      ['an unknown operator', { matcho: { a: { $or: [] } }, resource: {} }, 'matcho.a.$or'],
      ['an empty pattern', { matcho: {}, resource: {} }, 'matcho'],
      ['no pattern', { resource: {} }, 'matcho'],
      ['no resource', { matcho: { a: 1 } }, 'resource'],
      ['a context that is no object', { matcho: 1, resource: 1, context: [] }, 'context'],
      ['an unknown member', { matcho: 1, resource: 1, subject: 1 }, '$matcho.subject'],
    ])('refuses %s with 422 and its path', async (_what, body, expression) => {
      const reply = await post('/$matcho', body);

      expect(reply.status).toBe(422);
      expect(reply.json).toMatchObject({ issue: [{ expression: [expression] }] });
    });
  });

  describe('POST /auth/test-policy', () => {
    it.each([
      ['an unknown user', { uri: '/fhir/Patient', 'user-id': 'nobody' }, 'request.user-id'],
      ['an inactive user', { uri: '/fhir/Patient', 'user-id': 'sleeper' }, 'request.user-id'],
      ['an unknown client', { uri: '/fhir/Patient', 'client-id': 'nobody' }, 'request.client-id'],
      ['an inactive client', { uri: '/fhir/Patient', 'client-id': 'sleeper' }, 'request.client-id'],
      ['a path no request has', { uri: '/fhir/../User' }, 'request.uri'],
      [
        'a parameter of the route in the query',
        { uri: '/fhir/User?resource/id=1' },
        'request.query-string',
      ],
      [
        'a method that is none',
        { uri: '/fhir/User', 'request-method': 'g e t' },
        'request.request-method',
      ],
      ['a header that is no text', { uri: '/fhir/User', headers: { a: 1 } }, 'request.headers.a'],
    ])('refuses %s with 422', async (_what, request, expression) => {
      const reply = await post('/auth/test-policy', { request, policy: ALLOW });

      expect(reply.status).toBe(422);
      expect(reply.json).toMatchObject({ issue: [{ expression: [expression] }] });
    });

    it.each([
      ['neither policy nor policies', {}, 'policy'],
      ['both', { policy: ALLOW, policies: [] }, 'policy'],
      ['an unknown member', { policy: ALLOW, polices: [] }, 'test-policy.polices'],
      ['an invalid policy', { policy: { engine: 'matcho', matcho: {} } }, 'policy.matcho'],
      [
        'a statement that writes',
        { policy: { engine: 'sql', sql: { query: 'DELETE FROM patient' } } },
        'policy.sql.query',
      ],
      ['one invalid of several', { policies: [ALLOW, { engine: 'no' }] }, 'policies[1].engine'],
      [
        'an id twice',
        {
          policies: [
            { ...ALLOW, id: 'a' },
            { ...ALLOW, id: 'a' },
          ],
        },
        'policies[1].id',
      ],
    ])('refuses %s with 422, naming the place', async (_what, policies, expression) => {
      const reply = await post('/auth/test-policy', {
        request: { uri: '/fhir/Patient' },
        ...policies,
      });

      expect(reply.status).toBe(422);
      expect(reply.json).toMatchObject({ issue: [{ expression: [expression] }] });
    });
  });
});
