import { onEmbeddedDatabase } from './embedded-database.js';
import { startServer, type ServerProcess } from './process.js';
import { ISSUER, issuerKey, makeTokens, PATIENT_PATH, prepare, ROOT_SECRET } from './scenario.js';
import { row, spread, table } from './table.js';
import type { SigningKey } from '../support/token-signer.js';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 20);
const INSTANCES = 3;
const ALLOWED = 200;

/** A write that takes something from the bearer of a token, and the one that gives it back. */
interface Change {
  readonly name: string;
  readonly path: string;
  readonly taken: object | undefined;
  readonly given: object;
  readonly denied: 401 | 403;
}

/**
 * From the answer to a write on one of three instances until both others decide by it. Prints a table
 * and judges nothing; the bound is 1000 ms.
 */
async function main(): Promise<void> {
  await onEmbeddedDatabase(async (url) => {
    const servers = await startServers(url);
    const key = issuerKey();
    const [token = ''] = makeTokens(1, key);
    await prepare(servers[0]?.baseUrl ?? '', key);
    const rows: string[] = [];
    for (const change of changes(key)) {
      const times = await timesOf(change, servers, token);
      rows.push(row(change.name, spread(times, 1)));
    }
    process.stdout.write(`${table(['write', 'ms until the others govern'], rows)}\n`);
    for (const server of servers) await server.stop();
  });
}

function changes(key: SigningKey): readonly Change[] {
  const introspector = {
    type: 'jwt',
    jwt: { iss: ISSUER, keys: [{ kty: 'RSA', alg: 'RS256', format: 'PEM', pub: key.pem }] },
  };
  const otherKey = { kty: 'RSA', alg: 'RS256', format: 'PEM', pub: issuerKey().pem };
  const path = '/fhir/TokenIntrospector/bench';
  const user = { userName: 'user-0' };
  return [
    {
      name: 'introspector deactivated',
      path,
      taken: { ...introspector, active: false },
      given: introspector,
      denied: 401,
    },
    {
      name: 'introspector given another key',
      path,
      taken: { ...introspector, jwt: { iss: ISSUER, keys: [otherKey] } },
      given: introspector,
      denied: 401,
    },
    {
      name: 'User made inactive',
      path: '/fhir/User/user-0',
      taken: { ...user, inactive: true },
      given: user,
      denied: 401,
    },
    {
      name: 'Role removed',
      path: '/fhir/Role/role-0',
      taken: undefined,
      given: { name: 'reader', user: { reference: 'User/user-0' } },
      denied: 403,
    },
  ];
}

async function startServers(url: string): Promise<readonly ServerProcess[]> {
  const servers: ServerProcess[] = [];
  // One after the other: what is measured is not the start.
  for (let at = 0; at < INSTANCES; at += 1) servers.push(await startServer('guarded', url));
  return servers;
}

async function timesOf(
  change: Change,
  [first, ...others]: readonly ServerProcess[],
  token: string,
): Promise<readonly number[]> {
  const times: number[] = [];
  const { path, taken, given, denied } = change;
  for (let round = 0; round < ROUNDS; round += 1) {
    await Promise.all(others.map((server) => untilAnswered(server, token, ALLOWED)));
    await write(first, path, taken);
    const writtenAt = performance.now();
    await Promise.all(others.map((server) => untilAnswered(server, token, denied)));
    times.push(performance.now() - writtenAt);
    await write(first, path, given);
  }
  return times;
}

async function write(
  server: ServerProcess | undefined,
  path: string,
  body: object | undefined,
): Promise<void> {
  const authorization = `Basic ${Buffer.from(`root:${ROOT_SECRET}`).toString('base64')}`;
  const response = await fetch(`${server?.baseUrl}${path}`, {
    method: body ? 'PUT' : 'DELETE',
    headers: { authorization, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  await response.arrayBuffer();
}

async function untilAnswered(
  { baseUrl }: ServerProcess,
  token: string,
  expected: number,
): Promise<void> {
  for (;;) {
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`${baseUrl}${PATIENT_PATH}`, { headers });
    await response.arrayBuffer();
    if (response.status === expected) return;
  }
}

await main();
