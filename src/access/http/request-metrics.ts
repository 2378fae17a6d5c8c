import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Histogram } from 'prom-client';
import { MetricsRegistry } from '../../metrics/metrics-registry.js';
import { RouteTable } from '../routes/route-table.js';

const BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Label of requests that no operation serves: public routes, unknown ones, and what came to no route. */
const NO_OPERATION = 'none';

type Series = ReturnType<Histogram<'operation' | 'status'>['labels']>;

/** How long requests take, by operation and status. */
@Injectable()
export class RequestMetrics {
  private readonly histogram: Histogram<'operation' | 'status'>;
  /** Kept, because looking a series up by its labels costs more than observing. */
  private readonly series = new Map<string, Map<number, Series>>();
  private operations: ReadonlyMap<string, string> | undefined;

  constructor(
    registry: MetricsRegistry,
    private readonly table: RouteTable,
  ) {
    this.histogram = new Histogram({
      name: 'wardgate_http_request_duration_seconds',
      help: 'Time from the head of a request to the end of its answer',
      labelNames: ['operation', 'status'],
      buckets: BUCKETS_SECONDS,
      registers: [registry],
    });
  }

  /** To be called once, before the server listens. */
  observe(server: Pick<FastifyInstance, 'addHook'>): void {
    server.addHook('onResponse', (request, reply, done) => {
      const operation = this.operationOf(request);
      this.seriesOf(operation, reply.statusCode).observe(reply.elapsedTime / 1000);
      done();
    });
  }

  /** By the route that took it, whether or not it was allowed. */
  private operationOf({ method, routeOptions }: FastifyRequest): string {
    this.operations ??= new Map(
      this.table
        .routes()
        .map((known) => [`${known.method} ${known.path}`, known.route.operation ?? NO_OPERATION]),
    );
    const registered = method === 'HEAD' ? 'GET' : method;
    return this.operations.get(`${registered} ${routeOptions.url ?? ''}`) ?? NO_OPERATION;
  }

  private seriesOf(operation: string, status: number): Series {
    let byStatus = this.series.get(operation);
    if (!byStatus) this.series.set(operation, (byStatus = new Map<number, Series>()));
    let series = byStatus.get(status);
    if (!series) {
      series = this.histogram.labels({ operation, status: String(status) });
      byStatus.set(status, series);
    }
    return series;
  }
}
