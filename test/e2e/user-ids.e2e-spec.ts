import { basic, startTestApp, type Reply, type TestApp } from '../support/test-app.js';

const EDITOR = { authorization: basic('editor', 'secret of the editor') };

describe('the id of a User', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp();
    await app.put('/fhir/Client/editor', {
      secret: 'secret of the editor',
      grant_types: ['basic'],
    });
    await app.put('/fhir/AccessPolicy/editor', {
      engine: 'matcho',
      link: [{ reference: 'Client/editor' }],
      matcho: { uri: '#^/(fhir|User)' },
    });
  });
  afterAll(() => app.stop());

  const asEditor = (method: string, path: string, body?: unknown): Promise<Reply> =>
    app.call(method, path, { headers: EDITOR, ...(body === undefined ? {} : { body }) });
  const policyOf = (reference: unknown) => ({ engine: 'allow', link: [reference] });

  it.each([
    ['a Role', '/fhir/Role/r', { name: 'chief', user: { reference: 'User/wanted-1' } }],
    ['a policy', '/fhir/AccessPolicy/p2', policyOf({ reference: 'User/wanted-2' })],
    ['a policy by id', '/AccessPolicy/p3', policyOf({ resourceType: 'User', id: 'wanted-3' })],
    ['a policy with a slash', '/fhir/AccessPolicy/p4', policyOf({ reference: '/User/wanted-4' })],
    [
      'a policy by its version',
      '/fhir/AccessPolicy/p5',
      policyOf({ reference: 'User/wanted-5/_history/1' }),
    ],
    [
      'a policy as its second link',
      '/fhir/AccessPolicy/p6',
      { engine: 'allow', link: [{ reference: 'User/x' }, { reference: 'User/wanted-6' }] },
    ],
  ])('is an administrator’s to give when %s names it already', async (_what, path, resource) => {
    const id = /wanted-\d/.exec(JSON.stringify(resource))?.[0] ?? '';
    await app.call('PUT', path, { asRoot: true, body: resource });

    const put = await asEditor('PUT', `/fhir/User/${id}`, {});
    const plain = await asEditor('PUT', `/User/${id}`, {});
    const post = await asEditor('POST', '/fhir/User', { id });
    const unnamed = await asEditor('PUT', `/fhir/User/${id}0`, {});
    const byAdministrator = await app.call('PUT', `/fhir/User/${id}`, { asRoot: true, body: {} });
    const changed = await asEditor('PUT', `/fhir/User/${id}`, { displayName: 'Changed' });

    expect([put, plain, post].map(({ status }) => status)).toEqual([403, 403, 403]);
    expect(put.json?.['issue']).toMatchObject([{ code: 'forbidden', expression: ['User.id'] }]);
    expect([unnamed, byAdministrator, changed].map(({ status }) => status)).toEqual([
      201, 201, 200,
    ]);
  });

  it('is an administrator’s to give again after the User was deleted, while it is named', async () => {
    await app.put('/fhir/User/leaver', {});
    await app.put('/fhir/Role/leaver', { name: 'chief', user: { reference: 'User/leaver' } });
    await app.call('DELETE', '/fhir/User/leaver', { asRoot: true });

    const named = await asEditor('PUT', '/fhir/User/leaver', {});
    await app.call('DELETE', '/fhir/Role/leaver', { asRoot: true });
    const free = await asEditor('PUT', '/fhir/User/leaver', {});

    expect([named.status, free.status]).toEqual([403, 201]);
  });

  it('is not given by a Bundle entry either', async () => {
    await app.put('/fhir/Role/bundled', { name: 'chief', user: { reference: 'User/bundled' } });
    const bundle = (id: string) => ({
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [
        { resource: { resourceType: 'User', id }, request: { method: 'PUT', url: `User/${id}` } },
      ],
    });

    const named = await asEditor('POST', '/fhir', bundle('bundled'));
    const unnamed = await asEditor('POST', '/fhir', bundle('nobody-names-it'));

    expect([named.status, unnamed.status]).toEqual([403, 200]);
  });
});
