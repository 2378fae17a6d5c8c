import { shownBy, startFakeUpstream, type FakeUpstream } from '../support/fake-upstream.js';
import { RecordingLogger } from '../support/recording-logger.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
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
let issuer: FakeUpstream;
let gateway: TestApp | undefined;

beforeAll(async () => {
  files = new TlsFiles();
  database = await createTestDatabase();
  upstream = await startFakeUpstream('/fhir', serverTls());
  issuer = await startFakeUpstream('/token', serverTls());
});

afterAll(async () => {
  await upstream.stop();
  await issuer.stop();
  await database.drop();
  files.clean();
});

beforeEach(() => {
  upstream.speakTls(serverTls());
  upstream.answerJson(PATIENT);
  upstream.calls.length = 0;
  issuer.answerJson({ access_token: 't1', token_type: 'Bearer' });
  issuer.calls.length = 0;
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

describe('a token endpoint that knows clients by their certificate (RFC 8705)', () => {
  const byCertificate = (): Record<string, string> => ({
    ...files.shown(WARDGATE),
    ...files.trusted(SERVERS),
    WARDGATE_UPSTREAM_AUTH: 'tls-client-auth',
    WARDGATE_UPSTREAM_TOKEN_URL: issuer.url,
    WARDGATE_UPSTREAM_TOKEN_CA_FILE: files.write('token-ca.crt', SERVERS.certificate),
    WARDGATE_UPSTREAM_CLIENT_ID: 'ward gate',
    WARDGATE_UPSTREAM_SCOPE: 'system/*.*',
  });

  it('is told the id of the client, and no secret', async () => {
    const app = await start(byCertificate());

    expect((await readPatient(app)).status).toBe(200);
    expect(issuer.calls).toMatchObject([
      {
        certificate: 'wardgate',
        body: 'grant_type=client_credentials&client_id=ward+gate&scope=system%2F*.*',
      },
    ]);
    expect(issuer.calls[0]?.headers['authorization']).toBeUndefined();
    expect(upstream.calls[0]?.headers['authorization']).toBe('Bearer t1');
  });

  it('is shown the certificate that the files have now', async () => {
    issuer.answerJson({ access_token: 't1', token_type: 'Bearer', expires_in: 1 });
    const app = await start(byCertificate());
    await readPatient(app);
    files.shown(CLIENTS.issue({ name: 'renewed' }));

    await eventually(async () => {
      await readPatient(app);
      return shownTo(issuer).includes('renewed');
    });
    expect(shownTo(issuer)[0]).toBe('wardgate');
  });

  it('binds tokens to the certificate, and no request fails when that changes', async () => {
    const logger = new RecordingLogger();
    issuer.answerWith((request, response) => {
      const token = { access_token: shownBy(request), token_type: 'Bearer' };
      response.end(JSON.stringify(token));
    });
    upstream.answerWith((request, response) => {
      const isBound = request.headers.authorization === `Bearer ${shownBy(request)}`;
      response.writeHead(isBound ? 200 : 401, { 'content-type': 'application/fhir+json' });
      response.end(JSON.stringify(PATIENT));
    });
    const app = await start(byCertificate(), logger);
    expect((await readPatient(app)).status).toBe(200);
    files.shown(CLIENTS.issue({ name: 'renewed' }));
    await eventually(async () => logger.lines.some((line) => line.includes('has new files')));

    expect((await readPatient(app)).status).toBe(200);
    expect(shownTo(upstream)).toEqual(['wardgate', 'renewed']);
    expect(shownTo(issuer)).toEqual(['wardgate', 'renewed']);
  });

  it.each<[string, () => Record<string, string>]>([
    [
      'another authority signed what is shown',
      () => files.shown(OTHER_CLIENTS.issue({ name: 'wardgate' })),
    ],
    [
      'another authority signed its own',
      () => ({
        WARDGATE_UPSTREAM_TOKEN_CA_FILE: files.write('token-ca.crt', OTHER_SERVERS.certificate),
      }),
    ],
  ])('gives none where %s', async (_name, env) => {
    const app = await start({ ...byCertificate(), ...env() });

    expect((await readPatient(app)).status).toBe(502);
    expect([...issuer.calls, ...upstream.calls]).toEqual([]);
  });
});
