import { startTestApp, type TestApp } from '../support/test-app.js';

describe('what must be unique', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(async () => {
    await app.stop();
  });

  const root = (method: string, path: string, body: object) =>
    app.call(method, path, { asRoot: true, body });

  it.each([
    ['User', 'userName', { userName: 'twice' }, { userName: 'TWICE' }],
    ['User', 'email', { email: 'twice@x' }, { email: 'Twice@x' }],
    [
      'User',
      'identifier',
      { identifier: [{ system: 'mrn', value: '2' }] },
      { identifier: [{ system: 'mrn', value: '2' }] },
    ],
    ['IdentityProvider', 'system', { system: 'twice' }, { system: 'twice' }],
  ])('%s.%s is refused the second time', async (type, element, one, two) => {
    const first = await root('POST', `/fhir/${type}`, one);
    const created = await root('POST', `/fhir/${type}`, two);
    const updated = await root('PUT', `/fhir/${type}/another`, two);

    expect([first.status, created.status, updated.status]).toEqual([201, 409, 409]);
    expect(created.json?.['issue']).toMatchObject([
      { code: 'duplicate', expression: [`${type}.${element}`] },
    ]);
  });
});
