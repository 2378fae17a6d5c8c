import { addClient } from './bundle-calls.js';
import { startFakeUpstream, type FakeUpstream } from './fake-upstream.js';
import { startRecordingProxy, type RecordingProxy } from './recording-proxy.js';
import { startTestApp, type TestApp } from './test-app.js';

/** A Wardgate with its store, and another before it as a gateway, which reaches it through a recorder. */
export interface GatewayFixture {
  readonly store: TestApp;
  readonly gateway: TestApp;
  /** What the gateway sends to the store. */
  readonly upstream: RecordingProxy;
  /** The same Client with the same policies in front of both. */
  addClient(id: string, patterns: readonly object[]): Promise<void>;
  stop(): Promise<void>;
}

/** Starts both; the store lets the gateway do everything, and anybody else only what policies say. */
export async function startGateway(
  env: Readonly<Record<string, string>> = {},
): Promise<GatewayFixture> {
  const upstream = await startRecordingProxy();
  const store = await startTestApp({ BOX_WEB_BASE_URL: upstream.url });
  upstream.handTo(store.baseUrl);
  const gateway = await startTestApp({ FHIR_UPSTREAM_URL: `${upstream.url}/fhir`, ...env });
  await store.put('/fhir/AccessPolicy/gateway', {
    engine: 'matcho',
    matcho: { headers: { via: '#^1\\.1 wardgate-' } },
  });
  return {
    store,
    gateway,
    upstream,
    addClient: async (id, patterns) => {
      await addClient(store, id, patterns);
      await addClient(gateway, id, patterns);
    },
    stop: async () => {
      await gateway.stop();
      await store.stop();
      await upstream.close();
    },
  };
}

/** A gateway before what answers as a test says. */
export interface FakeGateway {
  readonly gateway: TestApp;
  readonly upstream: FakeUpstream;
  stop(): Promise<void>;
}

/** Starts both. */
export async function startGatewayBeforeFake(
  env: Readonly<Record<string, string>> = {},
): Promise<FakeGateway> {
  const upstream = await startFakeUpstream();
  const gateway = await startTestApp({ FHIR_UPSTREAM_URL: upstream.url, ...env });
  return {
    gateway,
    upstream,
    stop: async () => {
      await gateway.stop();
      await upstream.stop();
    },
  };
}
