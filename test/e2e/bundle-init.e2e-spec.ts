import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { RecordingLogger } from '../support/recording-logger.js';
import { writes, type SentEntry } from '../support/bundle-calls.js';
import { startTestApp } from '../support/test-app.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const POLICY = {
  resourceType: 'AccessPolicy',
  engine: 'matcho',
  matcho: { uri: '#^/fhir/Patient' },
};
const PATIENT = { resourceType: 'Patient' };

describe('the Bundle of the start', () => {
  let database: TestDatabase;
  let folder: string;

  beforeEach(async () => {
    database = await createTestDatabase();
    folder = await mkdtemp(join(tmpdir(), 'wardgate-init-'));
  });
  afterEach(async () => {
    await database.drop();
    await rm(folder, { recursive: true });
  });

  async function bundle(type: string, entry: readonly SentEntry[]): Promise<string> {
    const path = join(folder, 'init.json');
    await writeFile(path, JSON.stringify({ resourceType: 'Bundle', type, entry }));
    return path;
  }
  const start = (location: string) => startTestApp({ BOX_INIT_BUNDLE: location }, database);

  it('is applied before the first request, at every start', async () => {
    const path = await bundle('transaction', [
      writes('PUT', 'AccessPolicy/open', POLICY),
      writes('POST', 'Patient', PATIENT, { ifNoneExist: '_id=init' }),
      writes('PUT', 'Patient/again', { ...PATIENT, id: 'again' }),
    ]);

    for (const version of ['1', '2']) {
      const app = await start(version === '1' ? path : pathToFileURL(path).href);
      const reply = await app.call('GET', '/fhir/Patient/again');
      await app.stop();

      expect(reply.status).toBe(200);
      expect(reply.json).toMatchObject({ meta: { versionId: version } });
    }
  });

  it('writes no clinical resource here where another server keeps them', async () => {
    const path = await bundle('transaction', [
      writes('PUT', 'AccessPolicy/open', POLICY),
      writes('PUT', 'Patient/p1', { ...PATIENT, id: 'p1' }),
    ]);
    const env = { BOX_INIT_BUNDLE: path, FHIR_UPSTREAM_URL: 'http://127.0.0.1:9/fhir' };

    await expect(startTestApp(env, database)).rejects.toThrow(/entry\[1\]: Patient is kept by/);
    await bundle('transaction', [writes('PUT', 'AccessPolicy/open', POLICY)]);
    const app = await startTestApp(env, database);
    const reply = await app.call('GET', '/fhir/AccessPolicy/open', { asRoot: true });
    await app.stop();
    expect(reply.status).toBe(200);
  });

  it('stops the start when its transaction fails, and leaves nothing behind', async () => {
    const path = await bundle('transaction', [
      writes('PUT', 'Patient/half', { ...PATIENT, id: 'half' }),
      writes('PUT', 'AccessPolicy/broken', { ...POLICY, engine: 'none' }),
    ]);

    await expect(start(path)).rejects.toThrow(/BOX_INIT_BUNDLE: Bundle\.entry\[1\]: .*engine/);

    const app = await startTestApp({}, database);
    const reply = await app.call('GET', '/fhir/Patient/half', { asRoot: true });
    await app.stop();
    expect(reply.status).toBe(404);
  });

  it('takes a POST of an id that exists for a duplicate', async () => {
    const entry = {
      ...writes('POST', 'Patient', { ...PATIENT, id: 'once' }),
      fullUrl: 'urn:uuid:1',
    };
    const path = await bundle('transaction', [entry]);
    await (await start(path)).stop();

    await expect(start(path)).rejects.toThrow(/BOX_INIT_BUNDLE: .*Patient\/once exists/);
  });

  it('warns of batch entries that fail, and applies the others', async () => {
    const path = await bundle('batch', [
      writes('PUT', 'AccessPolicy/broken', { ...POLICY, engine: 'none' }),
      writes('PUT', 'Patient/fine', { ...PATIENT, id: 'fine' }),
    ]);
    const logger = new RecordingLogger();

    const app = await startTestApp({ BOX_INIT_BUNDLE: path }, database, logger);
    const reply = await app.call('GET', '/fhir/Patient/fine', { asRoot: true });
    await app.stop();

    expect(reply.status).toBe(200);
    expect(JSON.stringify(logger.lines)).toContain('Bundle.entry[0] failed: 422');
  });

  it.each([
    ['a file that is not there', 'no-such-file.json', /BOX_INIT_BUNDLE: the file cannot be read/],
    ['a folder', '.', /BOX_INIT_BUNDLE: the file cannot be read/],
  ])('stops the start when it is %s', async (_what, location, sentence) => {
    await expect(start(join(folder, location))).rejects.toThrow(sentence);
  });

  it.each([
    ['no Bundle', '{"resourceType":"Patient"}', /takes a Bundle/],
    ['broken', '{', /BOX_INIT_BUNDLE/],
    ['empty', '', /there is nothing in it/],
  ])('stops the start when it is %s', async (_what, text, sentence) => {
    const path = join(folder, 'other.json');
    await writeFile(path, text);

    await expect(start(path)).rejects.toThrow(sentence);
  });

  it('is applied by one of several instances at a time', async () => {
    const path = await bundle('batch', [
      writes('PUT', 'Patient/shared', { ...PATIENT, id: 'shared' }),
      writes('PUT', 'User/shared', { userName: 'shared' }),
    ]);

    const apps = await Promise.all([start(path), start(path)]);
    const reply = await apps[0].call('GET', '/fhir/User/shared', { asRoot: true });
    await Promise.all(apps.map((app) => app.stop()));

    expect(reply.json).toMatchObject({ meta: { versionId: '2' } });
  });
});
