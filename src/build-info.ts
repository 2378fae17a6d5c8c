import { Gauge } from 'prom-client';
import type { MetricsRegistry } from './metrics/metrics-registry.js';
import { VERSION } from './version.js';

/** Puts the version into the metrics, as Prometheus expects it: a constant 1 with labels. */
export function registerBuildInfo(registry: MetricsRegistry): void {
  new Gauge({
    name: 'wardgate_build_info',
    help: 'Version of Wardgate and of Node.js',
    labelNames: ['version', 'node'],
    registers: [registry],
  }).set({ version: VERSION, node: process.versions.node }, 1);
}
