import { Module } from '@nestjs/common';
import { StorageModule } from '../interactions/storage/storage.module.js';
import { HealthController } from './health.controller.js';
import { MetricsController } from './metrics.controller.js';
import { ServerMetrics } from './server-metrics.js';

/** The probes of orchestrators and load balancers, and what monitoring reads. */
@Module({
  imports: [StorageModule],
  controllers: [HealthController, MetricsController],
  providers: [ServerMetrics],
})
export class HealthModule {}
