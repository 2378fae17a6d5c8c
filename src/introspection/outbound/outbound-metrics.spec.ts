import { MetricsRegistry } from '../../metrics/metrics-registry.js';
import { OutboundMetrics } from './outbound-metrics.js';

const registry = new MetricsRegistry();
const metrics = new OutboundMetrics(registry);
const keys = { host: 'auth.example.com', purpose: 'keys' } as const;

async function values(name: string): Promise<readonly object[]> {
  const metric = await registry.getSingleMetric(name)?.get();
  return (metric?.values ?? []).map(({ labels, value }) => ({ ...labels, value }));
}

describe('OutboundMetrics', () => {
  it('measures calls by host, purpose and outcome', async () => {
    metrics.called(keys, 0.02, 'answered');
    metrics.called(keys, 3, 'timeout');

    const text = await registry.metrics();
    const labels = 'host="auth.example.com",purpose="keys",outcome="timeout"';
    expect(text).toContain(`wardgate_idp_call_seconds_sum{${labels}} 3`);
    expect(text).toContain(`wardgate_idp_call_seconds_bucket{le="2.5",${labels}} 0`);
    expect(text).toContain(`wardgate_idp_call_seconds_bucket{le="5",${labels}} 1`);
  });

  it('counts failures and shows breakers', async () => {
    metrics.failed(keys, 'not-tried');
    metrics.failed(keys, 'not-tried');
    metrics.breakerChanged(keys, 'open');

    await expect(values('wardgate_idp_call_failures_total')).resolves.toEqual([
      { ...keys, reason: 'not-tried', value: 2 },
    ]);
    await expect(values('wardgate_idp_breaker_state')).resolves.toEqual([{ ...keys, value: 2 }]);
  });

  it('gives a bounded number of hosts a label of their own', async () => {
    for (let index = 0; index < 200; index += 1) {
      metrics.failed({ host: `host-${index}.example.com`, purpose: 'keys' }, 'timeout');
    }

    const hosts = (await values('wardgate_idp_call_failures_total')) as { host: string }[];
    expect(new Set(hosts.map(({ host }) => host)).size).toBe(65);
    expect(hosts).toContainEqual({ host: 'other', purpose: 'keys', reason: 'timeout', value: 137 });
  });
});
