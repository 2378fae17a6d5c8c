import { basic, startTestApp, type Reply, type TestApp } from '../support/test-app.js';

const SECRET = 'a-secret-of-more-than-enough-length';
const AUTHOR = { authorization: basic('author', SECRET) };
const URL = 'http://x.example/StructureDefinition/user';
const CODES = 'http://x.example/ValueSet/wards';
const MERGE = { 'content-type': 'application/merge-patch+json' };

interface Definition {
  readonly resourceType: string;
  readonly id: string;
  readonly url: string;
}

const profile = (id: string, url: string) => ({
  resourceType: 'StructureDefinition',
  id,
  url,
  name: 'Warded',
  status: 'active',
  kind: 'resource',
  abstract: false,
  type: 'User',
  baseDefinition: 'http://hl7.org/fhir/StructureDefinition/User',
  derivation: 'constraint',
  differential: {
    element: [
      { id: 'User.data.ward', path: 'User.data.ward', min: 1 },
      {
        id: 'User.data.code',
        path: 'User.data.code',
        binding: { strength: 'required', valueSet: CODES },
      },
    ],
  },
});
const valueSet = (id: string, url: string) => ({
  resourceType: 'ValueSet',
  id,
  url,
  status: 'active',
});

describe('what a required profile is read from', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp({ WARDGATE_REQUIRED_PROFILES: `User=${URL}` });
    await app.put('/Client/author', { secret: SECRET, grant_types: ['basic'] });
    await app.put('/AccessPolicy/author', {
      engine: 'matcho',
      matcho: { client: { id: 'author' } },
    });
    await app.put('/fhir/StructureDefinition/user', profile('user', URL));
  });
  afterAll(() => app.stop());

  const asAuthor = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Reply> =>
    app.call(method, path, {
      headers: { ...AUTHOR, ...headers },
      ...(body === undefined ? {} : { body }),
    });
  const put = (definition: Definition): Promise<Reply> =>
    asAuthor('PUT', `/fhir/${definition.resourceType}/${definition.id}`, definition);
  const bundle = (type: string, method: string, url: string, resource?: unknown) =>
    asAuthor('POST', '/fhir', {
      resourceType: 'Bundle',
      type,
      entry: [{ request: { method, url }, ...(resource === undefined ? {} : { resource }) }],
    });

  it.each<[string, Definition, Definition]>([
    ['the profile', profile('decoy', URL), profile('own', `${URL}-own`)],
    ['it by a URL with a version', profile('bar', `${URL}|999`), profile('own', 'urn:x|999')],
    ['its value sets', valueSet('decoy', CODES), valueSet('own', `${CODES}-own`)],
  ])('is not added by who may write definitions: %s', async (_what, decoy, own) => {
    const { status, json } = await put(decoy);

    expect([status, json]).toMatchObject([403, { issue: [{ code: 'forbidden' }] }]);
    expect((await put(own)).status).toBeLessThan(202);
  });

  it.each([
    ['a create', () => asAuthor('POST', '/fhir/StructureDefinition', profile('new', URL))],
    ['a patch', () => asAuthor('PATCH', '/fhir/StructureDefinition/user', { url: 'urn:y' }, MERGE)],
    [
      'a conditional update',
      () => asAuthor('PUT', `/fhir/StructureDefinition?url=${URL}`, profile('user', 'urn:y')),
    ],
    ['a conditional delete', () => asAuthor('DELETE', `/fhir/StructureDefinition?url=${URL}`)],
    ['a deletion', () => asAuthor('DELETE', '/fhir/StructureDefinition/user')],
    [
      'a transaction that writes',
      () => bundle('transaction', 'POST', 'StructureDefinition', profile('new', URL)),
    ],
    [
      'a transaction that deletes',
      () => bundle('transaction', 'DELETE', 'StructureDefinition/user'),
    ],
  ])('is not changed by %s', async (_what, change) => {
    const { status, text } = await change();

    expect([status, text]).toEqual([403, expect.stringContaining('a required profile needs it')]);
  });

  it('is not changed by a batch', async () => {
    const refused = { entry: [{ response: { status: expect.stringContaining('403') } }] };

    expect((await bundle('batch', 'DELETE', 'StructureDefinition/user')).json).toMatchObject(
      refused,
    );
  });

  it('is changed and deleted by administrators, and the rest by whom policies allow', async () => {
    await app.put('/fhir/StructureDefinition/user', { ...profile('user', URL), version: '2' });
    const removed = await app.call('DELETE', '/fhir/StructureDefinition/user', { asRoot: true });
    await put(profile('gone', 'urn:gone'));

    expect(removed.status).toBe(200);
    expect((await asAuthor('DELETE', '/fhir/StructureDefinition/gone')).status).toBe(200);
    expect((await put(profile('user', URL))).status).toBe(403);
  });
});
