import { Registry } from 'prom-client';
import type { MetricsRegistry } from './metrics-registry.js';
import { processMetrics } from './process-metrics.js';

/** Media type of {@link exposition}: the text format of Prometheus, version 0.0.4. */
export const EXPOSITION_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

/** Everything that is counted now: by the application, and about the process that it runs in. */
export async function exposition(registry: MetricsRegistry): Promise<string> {
  const texts = await Promise.all([registry.metrics(), processMetrics().metrics()]);
  return texts.join('\n');
}
