import { readFileSync } from 'node:fs';
import { rawCall } from '../support/raw-http.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

/** The vectors of the canonical path, here through parser, router and policies. */
interface PathVector {
  readonly name: string;
  readonly url: string;
  readonly path?: string;
  readonly status?: number;
}

const file = new URL('../vectors/paths/canonical-paths.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as readonly PathVector[];
const accepted = vectors.filter(({ path }) => path !== undefined);
const refused = vectors.filter(({ status }) => status !== undefined);
const START_TIMEOUT_MS = 60_000;

describe('the path that router and policies share', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp();
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await app.stop();
  });

  async function statusWhereAllowed(uri: string, target: string): Promise<number> {
    await app.put('/fhir/AccessPolicy/probe', { engine: 'matcho', matcho: { uri } });
    return (await rawCall(app.baseUrl, { target })).status;
  }

  it.each(accepted)('$name: $url', async ({ url, path = '' }) => {
    expect(await statusWhereAllowed('/elsewhere', url)).toBe(401);
    expect(await statusWhereAllowed(path, url)).not.toBe(401);
  });

  it.each(refused)('$name: $url', async ({ url, status }) => {
    const reply = await rawCall(app.baseUrl, { target: url });

    expect(reply.status).toBe(status);
    expect(JSON.parse(reply.text)).toMatchObject({ resourceType: 'OperationOutcome' });
  });

  it('is the one by which the resource is found', async () => {
    await app.put('/fhir/Patient/p1', { resourceType: 'Patient', active: true });
    const target = '//fhir/%50atient//p%31/';

    expect(await statusWhereAllowed('/fhir/Patient/p1', target)).toBe(200);
    expect(await statusWhereAllowed(target, target)).toBe(401);
  });

  it('opens nothing beside what it names', async () => {
    const allow = (target: string) => statusWhereAllowed('/fhir/Patient/p1', target);

    expect(await allow('/fhir/Patient/p1')).toBe(200);
    expect(await allow('/fhir/Patient/p1/_history')).toBe(401);
    expect(await allow('/fhir/Patient')).toBe(401);
    expect(await allow('/fhir/patient/p1')).toBe(401);
    expect(await allow('/User?x=/fhir/Patient/p1')).toBe(401);
  });
});
