import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TestIntrospectionSettings } from '../../../test/support/introspection-fixture.js';
import { MetricsRegistry } from '../../metrics/metrics-registry.js';
import type { CallPurpose } from './call-purpose.js';
import { FAILURES_TO_OPEN, OPEN_MS } from './circuit-breaker.js';
import { OutboundHttp } from './outbound-http.js';
import { OutboundMetrics } from './outbound-metrics.js';

/** Its breakers live by a clock that the test moves. */
class TimedHttp extends OutboundHttp {
  nowMs = 0;

  protected override now(): number {
    return this.nowMs;
  }
}

let server: Server;
let port: number;
let answer: RequestListener;

beforeAll(async () => {
  server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function url(host = '127.0.0.1'): string {
  return `http://${host}:${port}/userinfo`;
}

describe('a service that does not work', () => {
  const registry = new MetricsRegistry();
  let timed: TimedHttp;
  let calls: number;
  let status: number;

  beforeEach(() => {
    calls = 0;
    status = 503;
    registry.clear();
    timed = new TimedHttp(new TestIntrospectionSettings(), new OutboundMetrics(registry));
    answer = (_request, response) => {
      calls += 1;
      response.writeHead(status).end('{}');
    };
  });
  afterEach(async () => {
    await timed.onModuleDestroy();
  });

  function fetchKeys(): Promise<unknown> {
    return timed.getJson(url(), { purpose: 'keys' }).catch((error: unknown) => error);
  }

  async function ask(times: number, purpose: CallPurpose, target = url()): Promise<unknown> {
    let last: unknown;
    for (let count = 0; count < times; count += 1) {
      last = await timed.getJson(target, { purpose }).catch((error: unknown) => error);
    }
    return last;
  }

  it('is left alone for a moment, then asked once, and is back', async () => {
    await ask(FAILURES_TO_OPEN, 'keys');
    expect(calls).toBe(FAILURES_TO_OPEN);

    await expect(fetchKeys()).resolves.toMatchObject({
      reason: 'not-tried',
      retryAfterMs: OPEN_MS,
    });
    expect(calls).toBe(FAILURES_TO_OPEN);

    timed.nowMs += OPEN_MS;
    status = 200;
    await expect(fetchKeys()).resolves.toEqual({});
    await expect(fetchKeys()).resolves.toEqual({});
    expect(calls).toBe(FAILURES_TO_OPEN + 2);
  });

  it.each(['introspection', 'userinfo', 'other'] as const)(
    'is not one that answers tokens with status 400, 401 or 500, for %s',
    async (purpose) => {
      for (status of [400, 401, 404, 429, 500]) await ask(FAILURES_TO_OPEN, purpose);
      status = 200;

      await expect(ask(1, purpose)).resolves.toEqual({});
    },
  );

  it.each(['keys', 'discovery'] as const)('is one that answers 500 to %s', async (purpose) => {
    status = 500;
    await ask(FAILURES_TO_OPEN, purpose);

    await expect(ask(1, purpose)).resolves.toMatchObject({ reason: 'not-tried' });
  });

  it('is asked by administrators who look for what is wrong each time', async () => {
    await ask(FAILURES_TO_OPEN + 2, 'check');

    expect(calls).toBe(FAILURES_TO_OPEN + 2);
    await expect(ask(1, 'check')).resolves.toMatchObject({ reason: 'status', status: 503 });
  });

  it('is judged for each purpose, origin and path alone', async () => {
    await ask(FAILURES_TO_OPEN + 1, 'introspection');
    status = 200;

    await expect(ask(1, 'introspection')).resolves.toMatchObject({ reason: 'not-tried' });
    await expect(ask(1, 'keys')).resolves.toEqual({});
    await expect(ask(1, 'introspection', url('localhost'))).resolves.toEqual({});
    await expect(ask(1, 'introspection', `${url()}/of-another-realm`)).resolves.toEqual({});
  });

  it('is one that cannot be connected to, or does not answer in time', async () => {
    await ask(FAILURES_TO_OPEN - 1, 'other', 'http://127.0.0.1:1/');
    await expect(ask(1, 'other', 'http://127.0.0.1:1/')).resolves.toMatchObject({
      reason: 'unreachable',
    });
    await expect(ask(1, 'other', 'http://127.0.0.1:1/')).resolves.toMatchObject({
      reason: 'not-tried',
    });

    answer = () => undefined;
    await Promise.all(Array.from({ length: FAILURES_TO_OPEN - 1 }, fetchKeys));
    await expect(fetchKeys()).resolves.toMatchObject({ reason: 'timeout' });
    await expect(fetchKeys()).resolves.toMatchObject({ reason: 'not-tried' });
  });

  it('is seen in the metrics', async () => {
    await ask(FAILURES_TO_OPEN + 2, 'keys');

    const text = await registry.metrics();
    const labels = `host="127.0.0.1:${port}",purpose="keys"`;
    expect(text).toContain(`wardgate_idp_call_seconds_count{${labels},outcome="status"} 5`);
    expect(text).toContain(`wardgate_idp_call_failures_total{${labels},reason="status"} 5`);
    expect(text).toContain(`wardgate_idp_call_failures_total{${labels},reason="not-tried"} 2`);
    expect(text).toContain(`wardgate_idp_breaker_state{${labels}} 2`);
  });
});
