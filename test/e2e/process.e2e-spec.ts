import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { Agent, request as openRequest, type IncomingMessage } from 'node:http';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { runningPostmaster } from '../../src/database/embedded/postmaster-pid.js';
import { beginCreate, untilRefused } from '../support/begun-request.js';
import { untilEnded, untilInTheMaking } from '../support/database-holder.js';
import { makeHome } from '../support/database-home.js';
import { basic } from '../support/test-app.js';
import { spawnWardgate, startWardgate, type WardgateProcess } from '../support/wardgate-process.js';

jest.setTimeout(90_000);

let home: string;
/** A data folder that the first start was done on; copied, because making one takes long. */
let seed: string;
let copies = 0;
let running: WardgateProcess[] = [];

beforeAll(async () => {
  home = await makeHome();
  seed = join(home, 'seed');
  const first = await startWardgate({ WARDGATE_DATA_DIR: seed });
  first.signal('SIGTERM');
  await first.ended;
});
afterEach(async () => {
  for (const wardgate of running) wardgate.signal('SIGKILL');
  for (const wardgate of running) await wardgate.ended;
  running = [];
});
afterAll(async () => {
  await rm(home, { recursive: true, force: true, maxRetries: 20 });
});

const newFolder = (): string => join(home, `data-${(copies += 1)}`);

async function copyOfSeed(): Promise<string> {
  const folder = newFolder();
  await promisify(execFile)('cp', ['-a', seed, folder]);
  return folder;
}

async function start(env: Readonly<Record<string, string>>): Promise<WardgateProcess> {
  const wardgate = await startWardgate(env);
  running.push(wardgate);
  return wardgate;
}

async function spawn(env: Readonly<Record<string, string>>): Promise<WardgateProcess> {
  const wardgate = await spawnWardgate(env);
  running.push(wardgate);
  return wardgate;
}

async function heldLocks(folder: string): Promise<string[]> {
  const locks = (await readdir(folder)).filter((name) => name.startsWith('wardgate.lock'));
  const contents = await Promise.all(locks.map((name) => readFile(join(folder, name), 'utf8')));
  return contents.filter((content) => content !== '');
}

describe('a start', () => {
  it('writes the welcome to standard output, all else as JSON to standard error', async () => {
    const folder = newFolder();
    const wardgate = await spawn({ WARDGATE_DATA_DIR: folder });
    while (!wardgate.said.stdout.includes('User admin')) await delay(20);
    const secretPath = join(folder, 'root-client-secret');
    const secret = (await readFile(secretPath, 'utf8')).trim();

    expect(wardgate.said.stdout.split('\n')).toEqual([
      `Wardgate listens on 127.0.0.1:${wardgate.port}`,
      `  API docs   http://localhost:${wardgate.port}/docs`,
      `  Try it     curl -u "root:$(cat '${secretPath}')" http://localhost:${wardgate.port}/fhir/Patient`,
      `  Client root: secret made at this first start, kept in ${secretPath}`,
      `  User admin: secret made at this first start, kept in ${join(folder, 'admin-password')}`,
      '',
    ]);
    for (const line of wardgate.said.stderr.trim().split('\n')) {
      expect(JSON.parse(line)).toHaveProperty('msg');
    }
    expect(wardgate.said.stderr).not.toContain(secret);
    expect((await stat(secretPath)).mode & 0o777).toBe(0o600);
    const answer = await fetch(`${wardgate.baseUrl}/fhir/Patient`, {
      headers: { authorization: basic('root', secret) },
    });
    expect(answer.status).toBe(200);
  });

  it('of a second Wardgate on one data folder is refused and disturbs nothing', async () => {
    const folder = await copyOfSeed();
    const first = await start({ WARDGATE_DATA_DIR: folder });

    const second = await spawn({ WARDGATE_DATA_DIR: folder });

    await expect(second.ended).resolves.toBe(1);
    expect(second.said.stderr).toMatch(/^Another Wardgate \(process \d+\) uses the database/);
    expect((await first.call('GET', '/fhir/Patient')).status).toBe(200);
  });

  it('fails with one sentence when the port is taken, and stops the database', async () => {
    const folder = await copyOfSeed();
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;

    const wardgate = await spawn({
      WARDGATE_DATA_DIR: folder,
      BOX_WEB_PORT: String(port),
      WARDGATE_LOG_LEVEL: 'fatal',
    });

    await expect(wardgate.ended).resolves.toBe(1);
    other.close();
    expect(wardgate.said).toEqual({
      stdout: '',
      stderr: `Another program listens on 127.0.0.1:${port} already. Stop it, or set BOX_WEB_PORT.\n`,
    });
    await expect(runningPostmaster(join(folder, 'postgres'))).resolves.toBeUndefined();
    await expect(heldLocks(folder)).resolves.toEqual([]);
  });

  it.each([
    [
      'a server that is not there',
      { DATABASE_URL: 'postgres://u:pa55@127.0.0.1:1/x' },
      /^The database cannot be used: connect ECONNREFUSED 127\.0\.0\.1:1\. See DATABASE_URL/,
    ],
    [
      'a server whose name has no address',
      { DATABASE_URL: 'postgres://u:pa55@no-such-host.invalid/x' },
      /^The name no-such-host\.invalid has no address/,
    ],
    ['a setting that is not valid', { BOX_WEB_PORT: 'x' }, /^The settings are not valid:\n- BOX_W/],
  ])('fails with a sentence for %s', async (_what, env, sentence) => {
    const wardgate = await spawn({ WARDGATE_LOG_LEVEL: 'fatal', ...env });

    await expect(wardgate.ended).resolves.toBe(1);
    expect(wardgate.said.stderr).toMatch(sentence);
    expect(wardgate.said.stderr).not.toMatch(/pa55|\n\s+at /);
  });

  it('fails with a sentence for a database that does not exist', async () => {
    // The name comes after the host, which a socket's URL leaves out.
    const server = process.env['WARDGATE_TEST_SERVER_URL'] ?? '';
    const url = server.replace(/@([^/]*)\/\w+/, '@$1/no_such');

    const wardgate = await spawn({ WARDGATE_LOG_LEVEL: 'fatal', DATABASE_URL: url });

    await expect(wardgate.ended).resolves.toBe(1);
    expect(wardgate.said.stderr).toMatch(/^The database cannot be used: database "no_such" does/);
  });

  it('fails with a sentence for a data folder that cannot be one', async () => {
    const file = newFolder();
    await writeFile(file, '');

    const wardgate = await spawn({ WARDGATE_LOG_LEVEL: 'fatal', WARDGATE_DATA_DIR: file });

    await expect(wardgate.ended).resolves.toBe(1);
    expect(wardgate.said.stderr).toMatch(/^The embedded database cannot be used in .*\n$/);
  });

  it('is given up on SIGTERM while it makes the database, and can be repeated', async () => {
    const folder = newFolder();
    await mkdir(folder, { mode: 0o711 });
    const wardgate = await spawn({ WARDGATE_DATA_DIR: folder });
    await untilInTheMaking(folder);

    wardgate.signal('SIGTERM');

    await expect(wardgate.ended).resolves.toBe(0);
    expect(wardgate.said.stdout).toBe('');
    await expect(runningPostmaster(join(folder, 'postgres'))).resolves.toBeUndefined();
    const again = await start({ WARDGATE_DATA_DIR: folder });
    expect((await again.call('GET', '/fhir/Patient')).status).toBe(200);
  });
});

describe.each(['SIGTERM', 'SIGINT'] as const)('%s', (signal) => {
  it('lets the request in flight finish, takes no other, and leaves nothing running', async () => {
    const folder = await copyOfSeed();
    const wardgate = await start({ WARDGATE_DATA_DIR: folder, WARDGATE_SHUTDOWN_GRACE: '60s' });
    const agent = new Agent({ keepAlive: true });
    const idle = openRequest(`${wardgate.baseUrl}/health/live`, { agent }).end();
    const [live] = (await once(idle, 'response')) as [IncomingMessage];
    live.resume();
    const { finish } = await beginCreate(wardgate);

    wardgate.signal(signal);
    await untilRefused(wardgate.port);
    const created = await finish();

    expect(created.statusCode).toBe(201);
    expect(created.headers.connection).toBe('close');
    await expect(wardgate.ended).resolves.toBe(0);
    await expect(runningPostmaster(join(folder, 'postgres'))).resolves.toBeUndefined();
    await expect(heldLocks(folder)).resolves.toEqual([]);
    expect(await readdir(join(folder, 'postgres'))).not.toContain('postmaster.pid');
  });
});

describe('a stop', () => {
  it('refuses a request on a connection that it still answers on', async () => {
    const wardgate = await start({ WARDGATE_DATA_DIR: await copyOfSeed() });
    const socket = connect(wardgate.port, '127.0.0.1');
    const answers: string[] = [];
    socket.on('data', (chunk) => answers.push(chunk.toString()));
    await once(socket, 'connect');
    // The rest of the request line follows when the server is stopping.
    socket.write('GET /health/live HTTP/1.1\r\nhost: x\r\n');
    await delay(100);

    wardgate.signal('SIGTERM');
    await untilRefused(wardgate.port);
    socket.write('\r\n');
    await once(socket, 'close');

    expect(answers.join('')).toMatch(/^HTTP\/1\.1 503 .*\r\n/);
    expect(answers.join('')).toMatch(/retry-after: 5\r\n[^]*"resourceType":"OperationOutcome"/);
    await expect(wardgate.ended).resolves.toBe(0);
  });

  it('cuts off a request that takes longer than the grace period', async () => {
    const wardgate = await start({
      WARDGATE_DATA_DIR: await copyOfSeed(),
      WARDGATE_SHUTDOWN_GRACE: '200ms',
    });
    const { request } = await beginCreate(wardgate);

    wardgate.signal('SIGTERM');

    await expect(once(request, 'response')).rejects.toThrow('socket hang up');
    await expect(wardgate.ended).resolves.toBe(0);
  });

  it('is over at once on a second signal, and the database follows', async () => {
    const folder = await copyOfSeed();
    const wardgate = await start({ WARDGATE_DATA_DIR: folder, WARDGATE_SHUTDOWN_GRACE: '5m' });
    await beginCreate(wardgate);

    wardgate.signal('SIGTERM');
    await untilRefused(wardgate.port);
    // One key press under npm comes as two signals at once, which are one wish.
    wardgate.signal('SIGTERM');
    await delay(500);
    wardgate.signal('SIGTERM');

    await expect(wardgate.ended).resolves.toBe(143);
    await untilEnded(join(folder, 'postgres'));
  });
});

describe('a crash of the embedded PostgreSQL', () => {
  it('ends the process with a message and a status that is not 0', async () => {
    const folder = await copyOfSeed();
    const wardgate = await start({ WARDGATE_DATA_DIR: folder });
    const postmaster = await runningPostmaster(join(folder, 'postgres'));

    process.kill(postmaster ?? 0, 'SIGKILL');

    await expect(wardgate.ended).resolves.toBe(1);
    expect(wardgate.said.stderr).toMatch(/^PostgreSQL ended unexpectedly \(SIGKILL\)$/m);
    await expect(heldLocks(folder)).resolves.toEqual([]);
    const again = await start({ WARDGATE_DATA_DIR: folder });
    expect((await again.call('GET', '/fhir/Patient')).status).toBe(200);
  });
});
