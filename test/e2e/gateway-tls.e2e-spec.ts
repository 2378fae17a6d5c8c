import { startFakeUpstream, type FakeUpstream } from '../support/fake-upstream.js';
import { RecordingLogger } from '../support/recording-logger.js';
import { startTestApp, type Reply, type TestApp } from '../support/test-app.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import {
  CLIENTS,
  OTHER_CLIENTS,
  OTHER_SERVERS,
  readPatient,
  SERVERS,
  serverTls,
  shownTo,
  TlsFiles,
  WARDGATE,
} from '../support/tls-gateway.js';
import { eventually } from '../support/until.js';

const PATIENT = { resourceType: 'Patient', id: 'p1' };

let files: TlsFiles;
let database: TestDatabase;
let upstream: FakeUpstream;
let gateway: TestApp | undefined;

beforeAll(async () => {
  files = new TlsFiles();
  database = await createTestDatabase();
  upstream = await startFakeUpstream('/fhir', serverTls());
});

afterAll(async () => {
  await upstream.stop();
  await database.drop();
  files.clean();
});

beforeEach(() => {
  upstream.speakTls(serverTls());
  upstream.answerJson(PATIENT);
  upstream.calls.length = 0;
});

afterEach(async () => {
  await gateway?.stop();
  gateway = undefined;
});

async function start(
  env: Readonly<Record<string, string>>,
  logger = new RecordingLogger(),
): Promise<TestApp> {
  gateway = await startTestApp({ FHIR_UPSTREAM_URL: upstream.url, ...env }, database, logger);
  return gateway;
}

/** On a connection that is made for it. */
async function readAnew(app: TestApp): Promise<Reply> {
  for (const socket of upstream.sockets) socket.destroy();
  await eventually(async () => upstream.sockets.size === 0);
  return readPatient(app);
}

describe('an upstream that demands a certificate', () => {
  it('is shown it, and trusted by who signed its own', async () => {
    const app = await start({ ...files.shown(WARDGATE), ...files.trusted(SERVERS) });

    const reply = await readPatient(app);

    expect(reply.json).toEqual(PATIENT);
    expect(shownTo(upstream)).toEqual(['wardgate']);
  });

  it.each<[string, () => Record<string, string>]>([
    ['there is none to show', () => files.trusted(SERVERS)],
    [
      'another authority signed what is shown',
      () => ({
        ...files.shown(OTHER_CLIENTS.issue({ name: 'wardgate' })),
        ...files.trusted(SERVERS),
      }),
    ],
    [
      'what is shown has expired',
      () => ({
        ...files.shown(CLIENTS.issue({ name: 'wardgate', isExpired: true })),
        ...files.trusted(SERVERS),
      }),
    ],
    [
      'another authority signed its own',
      () => ({ ...files.shown(WARDGATE), ...files.trusted(OTHER_SERVERS) }),
    ],
    ['nobody is said who may sign its own', () => files.shown(WARDGATE)],
  ])('is asked nothing where %s', async (_name, env) => {
    const app = await start(env());

    expect((await readPatient(app)).status).toBe(502);
    expect(upstream.calls).toEqual([]);
  });

  it.each([
    ['has expired', { name: 'upstream', isExpired: true }],
    ['is that of another host', { name: 'upstream', host: 'elsewhere.example' }],
  ])('is asked nothing where its own %s', async (_name, subject) => {
    upstream.speakTls(serverTls(SERVERS.issue(subject)));
    const app = await start({ ...files.shown(WARDGATE), ...files.trusted(SERVERS) });

    expect((await readPatient(app)).status).toBe(502);
    expect(upstream.calls).toEqual([]);

    upstream.speakTls(serverTls());
    expect((await readPatient(app)).status).toBe(200);
  });
});

describe('files of TLS', () => {
  it.each([
    [
      'a certificate with the key of another',
      { ...WARDGATE, key: CLIENTS.issue({ name: 'x' }).key },
    ],
    ['no certificate', { ...WARDGATE, cert: 'certificate' }],
  ])('keep Wardgate from starting with %s', async (_name, certified) => {
    await expect(start({ ...files.shown(certified), ...files.trusted(SERVERS) })).rejects.toThrow(
      'certificate',
    );
  });

  it('keep Wardgate from starting with nobody who may sign', async () => {
    const env = { WARDGATE_UPSTREAM_CA_FILE: files.write('ca.crt', '') };

    await expect(start(env)).rejects.toThrow('holds no certificate');
  });

  it('are read again: the next connections are made with them', async () => {
    const app = await start({ ...files.shown(WARDGATE), ...files.trusted(SERVERS) });
    await readPatient(app);
    files.shown(CLIENTS.issue({ name: 'renewed' }));

    await eventually(async () => {
      await readPatient(app);
      return shownTo(upstream).includes('renewed');
    });
    expect(new Set(shownTo(upstream))).toEqual(new Set(['wardgate', 'renewed']));
    expect((await readAnew(app)).status).toBe(200);
    expect(shownTo(upstream).at(-1)).toBe('renewed');
  });

  it('are read again: another authority is trusted, and the former one no longer', async () => {
    const logger = new RecordingLogger();
    const app = await start({ ...files.shown(WARDGATE), ...files.trusted(SERVERS) }, logger);
    await readPatient(app);
    files.trusted(OTHER_SERVERS);
    await eventually(async () => logger.lines.some((line) => line.includes('has new files')));

    upstream.speakTls(serverTls(OTHER_SERVERS.issue({ name: 'upstream' })));
    // No connection that trusted the former one serves any longer.
    expect((await readPatient(app)).status).toBe(200);
    upstream.speakTls(serverTls());
    expect((await readAnew(app)).status).toBe(502);
  });

  it.each([
    [
      'a certificate is damaged',
      () => files.write('client.crt', 'damaged'),
      /holds no certificate/,
    ],
    [
      'the key is that of another',
      () => files.write('client.key', CLIENTS.issue({ name: 'x' }).key),
      /cannot be used together/,
    ],
    ['those who may sign are gone', () => files.remove('ca.crt'), /cannot be read/],
    ['those who may sign are none', () => files.write('ca.crt', '\n\n'), /holds no certificate/],
  ])('go on as they were when %s, and the log says so', async (_name, damage, said) => {
    const logger = new RecordingLogger();
    const app = await start({ ...files.shown(WARDGATE), ...files.trusted(SERVERS) }, logger);
    damage();

    const warning = (): string[] =>
      logger.lines.filter((line) => line.includes('goes on with its former files'));
    await eventually(async () => warning().length > 0);
    expect(warning()).toEqual([expect.stringMatching(said)]);
    expect((await readAnew(app)).status).toBe(200);
    expect(shownTo(upstream)).toEqual(['wardgate']);
    // Nothing of a key.
    expect(logger.lines.join('\n')).not.toContain(WARDGATE.key.split('\n')[1]);
    upstream.speakTls(serverTls(OTHER_SERVERS.issue({ name: 'upstream' })));
    expect((await readAnew(app)).status).toBe(502);
  });
});
