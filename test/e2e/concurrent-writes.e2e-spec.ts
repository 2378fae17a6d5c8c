import { startTestApp, type Reply, type TestApp } from '../support/test-app.js';

/** Pool of the tests; there are many more writers than connections. */
const POOL_SIZE = 4;
const WRITERS = 60;

const statuses = (replies: readonly Reply[]): readonly number[] =>
  [...new Set(replies.map(({ status }) => status))].toSorted((a, b) => a - b);
const times = (replies: readonly Reply[], status: number): number =>
  replies.filter((reply) => reply.status === status).length;

describe('many writers at once', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp({ BOX_DB_POOL_MAXIMUM_POOL_SIZE: String(POOL_SIZE) });
  }, 60_000);
  afterAll(async () => {
    await app.stop();
  });

  const root = (method: string, path: string, more: object = {}): Promise<Reply> =>
    app.call(method, path, { asRoot: true, ...more });
  const together = (count: number, write: (at: number) => Promise<Reply>): Promise<Reply[]> =>
    Promise.all(Array.from({ length: count }, (_, at) => write(at)));
  const versionsOf = async (path: string): Promise<readonly number[]> => {
    const { json } = await root('GET', `${path}/_history?_count=1000`);
    const entries = json?.['entry'] as { response: { etag: string } }[];
    return entries.map(({ response }) => Number(/\d+/.exec(response.etag)?.[0]));
  };

  const basic = { resourceType: 'Basic', code: { text: 'x' } };

  it.each(['Role', 'Basic'])('create one %s once', async (type) => {
    const body = {
      ...(type === 'Role' ? { name: 'r', user: { reference: 'User/u' } } : basic),
      id: 'one',
    };

    const posts = await together(20, () => root('POST', `/fhir/${type}`, { body }));

    expect(statuses(posts)).toEqual([201, 409]);
    expect(times(posts, 201)).toBe(1);
  });

  it('update one resource two hundred times, losing none of them', async () => {
    const path = '/fhir/Basic/counted';
    const noted = (at: number) => ({ ...basic, id: 'counted', code: { text: `update ${at}` } });

    const replies = await together(200, (at) => root('PUT', path, { body: noted(at) }));

    expect(times(replies, 201)).toBe(1);
    expect(times(replies, 200)).toBe(199);
    const { json } = await root('GET', `${path}/_history?_count=1000`);
    const entries = json?.['entry'] as {
      resource: { meta: { versionId: string }; code: { text: string } };
    }[];
    // Each version once, each update in one of them, and each caller told the version it made.
    expect(entries.map(({ resource }) => Number(resource.meta.versionId))).toEqual(
      Array.from({ length: 200 }, (_, at) => 200 - at),
    );
    const stored = new Map(
      entries.map(({ resource: { meta, code } }) => [code.text, meta.versionId]),
    );
    expect([...stored.keys()].toSorted()).toEqual(
      Array.from({ length: 200 }, (_, at) => `update ${at}`).toSorted(),
    );
    const told = replies.map(({ headers }) => /\d+/.exec(headers.get('etag') ?? '')?.[0]);
    expect(told).toEqual(replies.map((_, at) => stored.get(`update ${at}`)));
  });

  it('in transactions that want the same resources in any order all take effect', async () => {
    const ids = ['tx-a', 'tx-b', 'tx-c'];
    const transaction = (at: number) => ({
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [0, 1, 2].map((turn) => {
        const id = ids[(at + turn * (at % 2 === 0 ? 1 : 2)) % 3] ?? '';
        return {
          resource: { ...basic, id, code: { text: `transaction ${at}` } },
          request: { method: 'PUT', url: `Basic/${id}` },
        };
      }),
    });

    const replies = await together(WRITERS, (at) =>
      root('POST', '/fhir', { body: transaction(at) }),
    );

    expect(statuses(replies)).toEqual([200]);
    const histories = await Promise.all(
      ids.map(async (id) => {
        const { json } = await root('GET', `/fhir/Basic/${id}/_history?_count=1000`);
        const entries = json?.['entry'] as { resource: { code: { text: string } } }[];
        return entries.map(({ resource }) => resource.code.text);
      }),
    );
    // Every resource saw them in one order, as if one had come after the other.
    expect(histories[1]).toEqual(histories[0]);
    expect(histories[2]).toEqual(histories[0]);
    expect(histories[0]?.toSorted()).toEqual(
      Array.from({ length: WRITERS }, (_, at) => `transaction ${at}`).toSorted(),
    );
  });

  it('in transactions of which one must fail leave nothing of that one', async () => {
    await app.put('/fhir/Basic/fenced', { ...basic, id: 'fenced' });
    const transaction = (at: number) => ({
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [
        {
          resource: { ...basic, id: `beside-${at}` },
          request: { method: 'PUT', url: `Basic/beside-${at}` },
        },
        {
          resource: { ...basic, id: 'fenced', code: { text: `winner ${at}` } },
          request: { method: 'PUT', url: 'Basic/fenced', ifMatch: 'W/"1"' },
        },
      ],
    });

    const replies = await together(20, (at) => root('POST', '/fhir', { body: transaction(at) }));

    expect(statuses(replies)).toEqual([200, 412]);
    const winner = replies.findIndex(({ status }) => status === 200);
    expect(times(replies, 200)).toBe(1);
    const { json } = await root('GET', '/fhir/Basic/fenced');
    expect(json).toMatchObject({ code: { text: `winner ${winner}` }, meta: { versionId: '2' } });
    const beside = await together(20, (at) => root('GET', `/fhir/Basic/beside-${at}`));
    expect(beside.map(({ status }) => status)).toEqual(
      beside.map((_, at) => (at === winner ? 200 : 404)),
    );
  });

  it.each(['Role', 'Basic'])('create, replace and delete one %s without a gap', async (type) => {
    const body = type === 'Role' ? { name: 'r', user: { reference: 'User/u' } } : basic;
    const path = `/fhir/${type}/busy`;

    const replies = await together(WRITERS, (at) =>
      at % 3 === 2 ? root('DELETE', path) : root('PUT', path, { body }),
    );

    const versions = await versionsOf(path);
    expect(replies.every(({ status }) => status < 300)).toBe(true);
    expect(versions).toEqual(Array.from(versions, (_, at) => versions.length - at));
    const written = replies.filter(({ status }) => status !== 204).length;
    expect(versions.length).toBe(written);
    expect(times(replies, 201)).toBeGreaterThanOrEqual(1);
  });

  it('lose no write that names the version it replaces', async () => {
    const body = { name: 'r', user: { reference: 'User/u' } };
    await app.put('/fhir/Role/guarded', body);

    const replies = await together(20, () =>
      root('PUT', '/fhir/Role/guarded', { body, headers: { 'if-match': 'W/"1"' } }),
    );

    expect(times(replies, 200)).toBe(1);
    expect(times(replies, 412)).toBe(19);
  });

  it.each([
    ['userName', { userName: 'Racer' }, 'User.userName'],
    ['email', { email: 'racer@example.com' }, 'User.email'],
    ['identifier', { identifier: [{ system: 's', value: 'v' }] }, 'User.identifier'],
  ])('give one %s to one User', async (name, body, expression) => {
    const replies = await together(20, (at) =>
      root('PUT', `/fhir/User/${name.toLowerCase()}-${at}`, { body }),
    );

    expect(statuses(replies)).toEqual([201, 409]);
    expect(times(replies, 201)).toBe(1);
    const refused = replies.find(({ status }) => status === 409);
    expect(refused?.json).toMatchObject({
      issue: [{ code: 'duplicate', expression: [expression] }],
    });
  });

  it('give one system to one active IdentityProvider', async () => {
    const replies = await together(10, (at) =>
      root('PUT', `/fhir/IdentityProvider/racer-${at}`, { body: { system: 'urn:race' } }),
    );

    expect(times(replies, 201)).toBe(1);
    expect(times(replies, 409)).toBe(9);
  });

  it('of every kind are answered, however few connections there are', async () => {
    const key = { kty: 'OCT', alg: 'HS256', format: 'plain', k: 'secret' };
    const writes = [
      () => root('POST', '/fhir/User', { body: { data: {} } }),
      () => root('POST', '/fhir/Basic', { body: basic }),
      () =>
        root('POST', '/fhir/TokenIntrospector', { body: { type: 'jwt', jwt: { keys: [key] } } }),
      () => root('GET', '/fhir/User?_count=5'),
      () => root('GET', '/fhir/Basic/_history?_count=5'),
    ];

    const replies = await together(
      100,
      (at) => writes[at % writes.length]?.() ?? root('GET', '/fhir/User'),
    );

    expect(statuses(replies)).toEqual([200, 201]);
  });

  it('do not disturb whoever turns the pages of a search', async () => {
    const ids = Array.from({ length: 30 }, (_, at) => `page-${String(at).padStart(2, '0')}`);
    const body = { resourceType: 'Library', status: 'active', type: { text: 't' } };
    await Promise.all(ids.map((id) => app.put(`/fhir/Library/${id}`, { ...body, id })));

    const seen: string[] = [];
    let next: string | undefined = '/fhir/Library?_count=7';
    while (next !== undefined) {
      const { json } = await root('GET', next);
      const bundle = json as {
        entry: { resource: { id: string } }[];
        link: { relation: string; url: string }[];
      };
      seen.push(...bundle.entry.map(({ resource }) => resource.id));
      next = bundle.link.find(({ relation }) => relation === 'next')?.url.replace(app.baseUrl, '');
      // Before and behind the page: what is there throughout is seen once all the same.
      await app.put(`/fhir/Library/a-${seen.length}`, body);
      await root('DELETE', `/fhir/Library/a-${seen.length}`);
      await app.put(`/fhir/Library/${ids[0] ?? ''}`, { ...body, id: ids[0] });
    }

    expect(seen).toEqual(ids);
  });

  it('may send ten megabytes', async () => {
    const text = 'x'.repeat(10 * 1024 * 1024);
    const body = { resourceType: 'Binary', contentType: 'text/plain', data: text };

    const put = await root('PUT', '/fhir/Binary/big', { body });
    const got = await root('GET', '/fhir/Binary/big');

    expect(put.status).toBe(201);
    expect(got.json?.['data'] === text).toBe(true);
  });
});
