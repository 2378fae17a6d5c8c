import { Module } from '@nestjs/common';
import { StorageModule } from '../interactions/storage/storage.module.js';
import { HealthController } from './health.controller.js';

/** The probes of orchestrators and load balancers. */
@Module({ imports: [StorageModule], controllers: [HealthController] })
export class HealthModule {}
