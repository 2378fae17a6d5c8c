import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { DataSource } from 'typeorm';
import { ChangeFeed } from '../interactions/changes/change-feed.js';
import { MetricsRegistry } from '../metrics/metrics-registry.js';

/** What the driver's pool tells of itself. */
interface Pool {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
}

/** Whether this instance is current, and whether it has connections left; read when it is asked for. */
@Injectable()
export class ServerMetrics {
  constructor(
    registry: MetricsRegistry,
    private readonly feed: ChangeFeed,
    private readonly dataSource: DataSource,
  ) {
    const registers = [registry];
    const revision: Gauge = new Gauge({
      name: 'wardgate_configuration_revision',
      help: 'Revision of the configuration that this instance decides with',
      registers,
      collect: () => {
        revision.set(this.feed.state().revision);
      },
    });
    const age: Gauge = new Gauge({
      name: 'wardgate_configuration_age_seconds',
      help: 'Time since this revision was last confirmed to be the current one; from 5 on requests are refused',
      registers,
      collect: () => {
        age.set(this.feed.state().unconfirmedMs / 1000);
      },
    });
    const connections: Gauge = new Gauge({
      name: 'wardgate_database_connections',
      help: 'Connections of the pool in use and idle, and requests that wait for one',
      labelNames: ['state'],
      registers,
      collect: () => {
        const { totalCount, idleCount, waitingCount } = this.pool();
        connections.set({ state: 'used' }, totalCount - idleCount);
        connections.set({ state: 'idle' }, idleCount);
        connections.set({ state: 'waiting' }, waitingCount);
      },
    });
  }

  private pool(): Pool {
    return (this.dataSource.driver as unknown as { readonly master: Pool }).master;
  }
}
