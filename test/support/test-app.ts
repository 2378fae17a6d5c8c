import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createApp, type App } from '../../src/app.setup.js';
import { readConfig } from '../../src/config/read-config.js';
import { PinoLogger } from '../../src/logging/pino-logger.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';
import {
  settingsOfGateway,
  settingsOfStore,
  StoresBehind,
} from './through-gateway/store-behind.js';

/** Secret of the root Client in tests. */
export const ROOT_SECRET = 'root-secret-of-the-tests';

/** What a test sends. */
export interface Call {
  /** A string is sent as it is and without a Content-Type, anything else as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bearer token. */
  readonly token?: string;
  /** Act as the root Client. */
  readonly asRoot?: boolean;
}

/** What came back. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; `undefined` when it is none. */
  readonly json: Record<string, unknown> | undefined;
}

/** A Wardgate on loopback with a database of its own. */
export interface TestApp {
  readonly baseUrl: string;
  readonly database: TestDatabase;
  /** Where the clinical resources are: another one where a store stands behind a gateway. */
  readonly clinicalDatabase: TestDatabase;
  /** The application itself, for what only it can tell: its routes. */
  readonly nest: App['nest'];
  call(method: string, path: string, call?: Call): Promise<Reply>;
  /** As the root Client; fails the test unless it answers 2xx. */
  put(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Reply>;
  stop(): Promise<void>;
}

/** Puts every application under test before a second one, whose store then holds the clinical data. */
const IS_THROUGH_GATEWAY = process.env['WARDGATE_TEST_THROUGH_GATEWAY'] === 'true';

const STORES = new StoresBehind<TestApp>();

/** Starts the application as main does, on a fresh or a given database; it logs what is fatal only. */
export async function startTestApp(
  env: Readonly<Record<string, string>> = {},
  database?: TestDatabase,
  logger = new PinoLogger('fatal'),
): Promise<TestApp> {
  return IS_THROUGH_GATEWAY && env['FHIR_UPSTREAM_URL'] === undefined
    ? startBeforeStore(env, database, logger)
    : startApp(env, database, logger);
}

async function startBeforeStore(
  env: Readonly<Record<string, string>>,
  database: TestDatabase | undefined,
  logger: PinoLogger,
): Promise<TestApp> {
  const own = database ?? (await createTestDatabase());
  const { store, leave } = await STORES.join(own.url, () => startApp(settingsOfStore(env)));
  const leaveNothing = async () => {
    await leave();
    if (!database) await own.drop();
  };
  try {
    const upstream = {
      FHIR_UPSTREAM_URL: `${store.baseUrl}/fhir`,
      WARDGATE_UPSTREAM_EVERYTHING: 'compartment',
      // A loaded machine is no failure.
      WARDGATE_UPSTREAM_HEADERS_TIMEOUT: '5m',
    };
    const gateway = await startApp({ ...upstream, ...settingsOfGateway(env) }, own, logger);
    return {
      ...gateway,
      clinicalDatabase: store.database,
      stop: async () => {
        await gateway.stop();
        await leaveNothing();
      },
    };
  } catch (error) {
    await leaveNothing();
    throw error;
  }
}

async function startApp(
  env: Readonly<Record<string, string>> = {},
  database?: TestDatabase,
  logger = new PinoLogger('fatal'),
): Promise<TestApp> {
  const own = database ?? (await createTestDatabase());
  const port = await freePort();
  const config = readConfig({
    BOX_WEB_HOST: '127.0.0.1',
    BOX_WEB_PORT: String(port),
    BOX_WEB_BASE_URL: `http://127.0.0.1:${port}`,
    BOX_ROOT_CLIENT_SECRET: ROOT_SECRET,
    BOX_ADMIN_PASSWORD: 'admin-password-of-the-tests',
    WARDGATE_LOG_LEVEL: 'fatal',
    DATABASE_URL: own.url,
    ...env,
  });
  const app = await createApp(config, { url: own.url }, logger);
  await app.listen(port, '127.0.0.1');
  const baseUrl = `http://127.0.0.1:${port}`;
  const call = (method: string, path: string, options: Call = {}) =>
    send(`${baseUrl}${path}`, method, options);
  return {
    baseUrl,
    database: own,
    clinicalDatabase: own,
    nest: app.nest,
    call,
    put: async (path, body, headers) => {
      const reply = await call('PUT', path, {
        body,
        asRoot: true,
        ...(headers ? { headers } : {}),
      });
      if (reply.status >= 300) throw new Error(`PUT ${path}: ${reply.status} ${reply.text}`);
      return reply;
    },
    stop: async () => {
      await app.stop(1000);
      if (!database) await own.drop();
    },
  };
}

/** Basic credentials of a Client. */
export function basic(id: string, secret: string): string {
  return `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
}

async function send(url: string, method: string, call: Call): Promise<Reply> {
  const headers = new Headers(call.headers);
  if (call.asRoot) headers.set('authorization', basic('root', ROOT_SECRET));
  if (call.token !== undefined) headers.set('authorization', `Bearer ${call.token}`);
  if (call.body !== undefined && typeof call.body !== 'string' && !headers.has('content-type')) {
    headers.set('content-type', 'application/json');
  }
  // As bytes, because fetch adds a Content-Type of its own to a string.
  const body = Buffer.from(
    typeof call.body === 'string' ? call.body : JSON.stringify(call.body ?? null),
  );
  const response = await fetch(url, {
    method,
    headers,
    redirect: 'manual',
    ...(call.body === undefined ? {} : { body }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parse(text) };
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/** A port of loopback on which nobody listens now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
