import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TestIntrospectionSettings } from '../../../test/support/introspection-fixture.js';
import { eventually } from '../../../test/support/until.js';
import { MetricsRegistry } from '../../metrics/metrics-registry.js';
import type { Resolve } from './guarded-lookup.js';
import { OutboundHttp } from './outbound-http.js';
import { OutboundMetrics } from './outbound-metrics.js';

/** Its clock is that of the test, and names may take for ever to be resolved. */
class SteeredHttp extends OutboundHttp {
  nowMs = 0;
  protected override readonly resolve: Resolve = () => undefined;

  protected override now(): number {
    return this.nowMs;
  }
}

let server: Server;
let port: number;
let answer: RequestListener;
let connected: number;
let http: SteeredHttp;
let registry: MetricsRegistry;

beforeEach(async () => {
  connected = 0;
  answer = (_request, response) => response.end('{}');
  server = createServer((request, response) => answer(request, response));
  server.on('connection', () => (connected += 1));
  // Longer than any test waits: it is the other side that closes.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
  registry = new MetricsRegistry();
  const allowedHosts = ['slow.example.com'];
  const settings = new TestIntrospectionSettings({ allowedHosts, timeoutMs: 1500 });
  http = new SteeredHttp(settings, new OutboundMetrics(registry));
});
afterEach(async () => {
  await http.onModuleDestroy();
  server.closeAllConnections();
  server.close();
});

const url = (host = '127.0.0.1'): string => `http://${host}:${port}/`;

const open = (): Promise<number> =>
  new Promise((resolve) => {
    server.getConnections((_error, count) => resolve(count));
  });

describe('connections to identity providers', () => {
  it('are kept from one call to the next, and closed at the end', async () => {
    const calls = 10;
    for (let at = 0; at < calls; at += 1) await http.getJson(url());
    expect(connected).toBeLessThan(calls);
    expect(await open()).toBe(connected);
    await http.onModuleDestroy();

    await eventually(async () => (await open()) === 0);
  });

  it('are kept to the last 256 endpoints, which discovery documents may choose', async () => {
    await http.getJson(url());
    for (let at = 0; at < 256; at += 1) {
      const elsewhere = http.getJson(url(`127.0.1.${at}`));
      await expect(elsewhere).rejects.toMatchObject({ reason: 'unreachable' });
    }

    await eventually(async () => (await open()) === 0);
  });

  it('that come to nothing in time are too late, whatever else there is time for', async () => {
    const signal = AbortSignal.timeout(60_000);

    await expect(http.getJson(url('slow.example.com'), { signal })).rejects.toMatchObject({
      reason: 'timeout',
    });
  });
});

describe('a call', () => {
  it('is measured by what it was for and how long it took, in seconds', async () => {
    http.nowMs = 1000;
    answer = (_request, response) => {
      http.nowMs = 3000;
      response.end('{}');
    };
    await http.getJson(url(), { purpose: 'keys' });
    answer = (_request, response) => response.writeHead(404).end();
    await http.getJson(url()).catch(() => undefined);
    const lines = (await registry.metrics()).split('\n');

    expect(lines.filter((line) => /_(sum|total)\{/.test(line)).sort()).toEqual([
      `wardgate_idp_call_failures_total{host="127.0.0.1:${port}",purpose="other",reason="status"} 1`,
      `wardgate_idp_call_seconds_sum{host="127.0.0.1:${port}",purpose="keys",outcome="answered"} 2`,
      `wardgate_idp_call_seconds_sum{host="127.0.0.1:${port}",purpose="other",outcome="status"} 0`,
    ]);
  });
});
