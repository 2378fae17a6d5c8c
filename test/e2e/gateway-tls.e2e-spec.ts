import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TlsOptions } from 'node:tls';
import { CertificateAuthority, type Certified } from '../support/certificates.js';
import { startFakeUpstream, type FakeUpstream } from '../support/fake-upstream.js';
import { RecordingLogger } from '../support/recording-logger.js';
import { startTestApp, type Reply, type TestApp } from '../support/test-app.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { eventually } from '../support/until.js';

const PATIENT = { resourceType: 'Patient', id: 'p1' };
const clients = new CertificateAuthority('authority of the clients');
const servers = new CertificateAuthority('authority of the servers');
/** Of the same names, but nobody trusts them. */
const otherClients = new CertificateAuthority('authority of the clients');
const otherServers = new CertificateAuthority('authority of the servers');
const wardgate = clients.issue({ name: 'wardgate' });

let folder: string;
let database: TestDatabase;
let upstream: FakeUpstream;
let issuer: FakeUpstream;
let gateway: TestApp | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wardgate-tls-'));
  database = await createTestDatabase();
  upstream = await startFakeUpstream('/fhir', serverTls());
  issuer = await startFakeUpstream('/token', serverTls());
});

afterAll(async () => {
  await upstream.stop();
  await issuer.stop();
  await database.drop();
  rmSync(folder, { recursive: true });
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

/** A server that talks to the clients of one authority only. */
function serverTls(
  certified = servers.issue({ name: 'upstream' }),
  ca = clients.certificate,
): TlsOptions {
  return { ...certified, ca, requestCert: true, rejectUnauthorized: true };
}

/** Replaced as programs do it that renew certificates: by renaming. */
function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
  return path;
}

function shown({ cert, key }: Certified): Record<string, string> {
  return {
    WARDGATE_UPSTREAM_CERTIFICATE_FILE: file('client.crt', cert),
    WARDGATE_UPSTREAM_CERTIFICATE_KEY_FILE: file('client.key', key),
  };
}

function trusted(authority: CertificateAuthority): Record<string, string> {
  return { WARDGATE_UPSTREAM_CA_FILE: file('ca.crt', authority.certificate) };
}

async function start(
  env: Readonly<Record<string, string>>,
  logger = new RecordingLogger(),
): Promise<TestApp> {
  gateway = await startTestApp({ FHIR_UPSTREAM_URL: upstream.url, ...env }, database, logger);
  return gateway;
}

function read(app: TestApp): Promise<Reply> {
  return app.call('GET', '/fhir/Patient/p1', { asRoot: true });
}

/** On a connection that is made for it. */
async function readAnew(app: TestApp): Promise<Reply> {
  for (const socket of upstream.sockets) socket.destroy();
  await eventually(async () => upstream.sockets.size === 0);
  return read(app);
}

const shownTo = ({ calls }: FakeUpstream): readonly unknown[] =>
  calls.map(({ certificate }) => certificate);

describe('an upstream that demands a certificate', () => {
  it('is shown it, and trusted by who signed its own', async () => {
    const app = await start({ ...shown(wardgate), ...trusted(servers) });

    const reply = await read(app);

    expect(reply.json).toEqual(PATIENT);
    expect(shownTo(upstream)).toEqual(['wardgate']);
  });

  it.each<[string, () => Record<string, string>]>([
    ['there is none to show', () => trusted(servers)],
    [
      'another authority signed what is shown',
      () => ({ ...shown(otherClients.issue({ name: 'wardgate' })), ...trusted(servers) }),
    ],
    [
      'what is shown has expired',
      () => ({
        ...shown(clients.issue({ name: 'wardgate', isExpired: true })),
        ...trusted(servers),
      }),
    ],
    ['another authority signed its own', () => ({ ...shown(wardgate), ...trusted(otherServers) })],
    ['nobody is said who may sign its own', () => shown(wardgate)],
  ])('is asked nothing where %s', async (_name, env) => {
    const app = await start(env());

    expect((await read(app)).status).toBe(502);
    expect(upstream.calls).toEqual([]);
  });

  it.each([
    ['has expired', { name: 'upstream', isExpired: true }],
    ['is that of another host', { name: 'upstream', host: 'elsewhere.example' }],
  ])('is asked nothing where its own %s', async (_name, subject) => {
    upstream.speakTls(serverTls(servers.issue(subject)));
    const app = await start({ ...shown(wardgate), ...trusted(servers) });

    expect((await read(app)).status).toBe(502);
    expect(upstream.calls).toEqual([]);

    upstream.speakTls(serverTls());
    expect((await read(app)).status).toBe(200);
  });
});

describe('files of TLS', () => {
  it.each([
    [
      'a certificate with the key of another',
      { ...wardgate, key: clients.issue({ name: 'x' }).key },
    ],
    ['no certificate', { ...wardgate, cert: 'certificate' }],
  ])('keep Wardgate from starting with %s', async (_name, certified) => {
    await expect(start({ ...shown(certified), ...trusted(servers) })).rejects.toThrow(
      'certificate',
    );
  });

  it('keep Wardgate from starting with nobody who may sign', async () => {
    const env = { WARDGATE_UPSTREAM_CA_FILE: file('ca.crt', '') };

    await expect(start(env)).rejects.toThrow('holds no certificate');
  });

  it('are read again: the next connections are made with them', async () => {
    const app = await start({ ...shown(wardgate), ...trusted(servers) });
    await read(app);
    shown(clients.issue({ name: 'renewed' }));

    await eventually(async () => {
      await read(app);
      return shownTo(upstream).includes('renewed');
    });
    expect(new Set(shownTo(upstream))).toEqual(new Set(['wardgate', 'renewed']));
    expect((await readAnew(app)).status).toBe(200);
    expect(shownTo(upstream).at(-1)).toBe('renewed');
  });

  it('are read again: another authority is trusted, and the former one no longer', async () => {
    const logger = new RecordingLogger();
    const app = await start({ ...shown(wardgate), ...trusted(servers) }, logger);
    await read(app);
    trusted(otherServers);
    await eventually(async () => logger.lines.some((line) => line.includes('has new files')));

    upstream.speakTls(serverTls(otherServers.issue({ name: 'upstream' })));
    // No connection that trusted the former one serves any longer.
    expect((await read(app)).status).toBe(200);
    upstream.speakTls(serverTls());
    expect((await readAnew(app)).status).toBe(502);
  });

  it.each([
    ['a certificate is damaged', () => file('client.crt', 'damaged'), /holds no certificate/],
    [
      'the key is that of another',
      () => file('client.key', clients.issue({ name: 'x' }).key),
      /cannot be used together/,
    ],
    ['those who may sign are gone', () => rmSync(join(folder, 'ca.crt')), /cannot be read/],
    ['those who may sign are none', () => file('ca.crt', '\n\n'), /holds no certificate/],
  ])('go on as they were when %s, and the log says so', async (_name, damage, said) => {
    const logger = new RecordingLogger();
    const app = await start({ ...shown(wardgate), ...trusted(servers) }, logger);
    damage();

    const warning = (): string[] =>
      logger.lines.filter((line) => line.includes('goes on with its former files'));
    await eventually(async () => warning().length > 0);
    expect(warning()).toEqual([expect.stringMatching(said)]);
    expect((await readAnew(app)).status).toBe(200);
    expect(shownTo(upstream)).toEqual(['wardgate']);
    // Nothing of a key.
    expect(logger.lines.join('\n')).not.toContain(wardgate.key.split('\n')[1]);
    upstream.speakTls(serverTls(otherServers.issue({ name: 'upstream' })));
    expect((await readAnew(app)).status).toBe(502);
  });
});

describe('a token endpoint that knows clients by their certificate (RFC 8705)', () => {
  const byCertificate = (): Record<string, string> => ({
    ...shown(wardgate),
    ...trusted(servers),
    WARDGATE_UPSTREAM_AUTH: 'tls-client-auth',
    WARDGATE_UPSTREAM_TOKEN_URL: issuer.url,
    WARDGATE_UPSTREAM_TOKEN_CA_FILE: file('token-ca.crt', servers.certificate),
    WARDGATE_UPSTREAM_CLIENT_ID: 'ward gate',
    WARDGATE_UPSTREAM_SCOPE: 'system/*.*',
  });

  it('is told the id of the client, and no secret', async () => {
    const app = await start(byCertificate());

    expect((await read(app)).status).toBe(200);
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
    await read(app);
    shown(clients.issue({ name: 'renewed' }));

    await eventually(async () => {
      await read(app);
      return shownTo(issuer).includes('renewed');
    });
    expect(shownTo(issuer)[0]).toBe('wardgate');
  });

  it.each<[string, () => Record<string, string>]>([
    [
      'another authority signed what is shown',
      () => shown(otherClients.issue({ name: 'wardgate' })),
    ],
    [
      'another authority signed its own',
      () => ({
        WARDGATE_UPSTREAM_TOKEN_CA_FILE: file('token-ca.crt', otherServers.certificate),
      }),
    ],
  ])('gives none where %s', async (_name, env) => {
    const app = await start({ ...byCertificate(), ...env() });

    expect((await read(app)).status).toBe(502);
    expect([...issuer.calls, ...upstream.calls]).toEqual([]);
  });
});
