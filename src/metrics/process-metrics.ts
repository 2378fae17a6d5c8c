import { collectDefaultMetrics, Registry } from 'prom-client';

let metrics: Registry | undefined;

/**
 * What Node.js knows of this process: memory, CPU, garbage collection, lag of the event loop. There is one
 * process however many applications it runs, and what observes it cannot be taken off again.
 */
export function processMetrics(): Registry {
  if (metrics === undefined) {
    metrics = new Registry();
    collectDefaultMetrics({ register: metrics });
  }
  return metrics;
}
