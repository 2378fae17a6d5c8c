import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startTestApp, type Reply, type TestApp } from '../support/test-app.js';

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const START = 'family=';

const search = (bytes: number): Promise<Reply> =>
  app.call('POST', '/fhir/Patient/_search', {
    asRoot: true,
    headers: FORM,
    body: START + 'a'.repeat(bytes - START.length),
  });

it('takes a form of 64 KiB, and refuses a larger one before any of it is compared', async () => {
  expect((await search(65_536)).status).toBe(200);
  const refused = await search(65_537);
  expect(refused.status).toBe(400);
  expect(refused.json).toMatchObject({ issue: [{ code: 'too-long' }] });
});

it('takes criteria of 8,192 characters, and refuses longer ones', async () => {
  const create = (characters: number): Promise<Reply> => {
    const ifNoneExist = START + 'a'.repeat(characters - START.length);
    return app.call('POST', '/fhir', {
      asRoot: true,
      body: {
        resourceType: 'Bundle',
        type: 'transaction',
        entry: [
          {
            resource: { resourceType: 'Patient' },
            request: { method: 'POST', url: 'Patient', ifNoneExist },
          },
        ],
      },
    });
  };

  expect((await create(8_192)).status).toBe(200);
  expect((await create(8_193)).status).toBe(400);
});
