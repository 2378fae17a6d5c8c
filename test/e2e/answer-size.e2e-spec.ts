import { openStoredRows } from '../support/stored-rows.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const TABLES = `"user" system_resource_history clinical_resource clinical_resource_history`.split(
  ' ',
);
const TOO_LARGE = [{ code: 'too-costly', expression: ['_count'] }];

describe('pages of what is large', () => {
  let app: TestApp;
  const get = async (path: string) => (await app.call('GET', path, { asRoot: true })).json;

  beforeAll(async () => {
    app = await startTestApp();
    for (const id of ['a', 'a', 'a', 'a', 'b', 'c', 'd']) {
      await app.put(`/fhir/User/${id}`, { userName: id });
      await app.put(`/fhir/Basic/${id}`, { resourceType: 'Basic', id, code: { text: 'x' } });
    }
    const rows = await openStoredRows(app);
    // 17 MiB each, which pack well.
    for (const table of TABLES) {
      await rows.change(
        `UPDATE ${table} SET resource = resource || jsonb_build_object('data', repeat('A', 17 * 1048576))
          WHERE id IN ('a', 'b', 'c', 'd')`,
      );
    }
    await rows.close();
  });
  afterAll(async () => {
    await app.stop();
  });

  it.each([
    ['a search of a system type', 'User', 'User?_count=1'],
    ['the history of a system type', 'User/_history', 'User/_history?_count=1'],
    ['the history of a system resource', 'User/a/_history', 'User/a/_history?_count=1'],
    ['a search of a clinical type', 'Basic', 'Basic?_count=1'],
    ['the history of a clinical type', 'Basic/_history', 'Basic/_history?_count=1'],
    ['the history of a clinical resource', 'Basic/a/_history', 'Basic/a/_history?_count=1'],
    ['the history of all clinical types', '_history', '_history?_count=1'],
  ])('are refused in %s, and answered where they have less', async (_what, large, small) => {
    // Looked at in parts: whole, what should be refused would be too large to be reported.
    const refused = await get(`/fhir/${large}`);
    const answered = await get(`/fhir/${small}`);

    expect(refused?.['issue']).toMatchObject(TOO_LARGE);
    expect((answered?.['entry'] as readonly unknown[]).length).toBe(1);
  });
});
