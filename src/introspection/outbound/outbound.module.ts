import { Module } from '@nestjs/common';
import { OutboundHttp } from './outbound-http.js';
import { OutboundMetrics } from './outbound-metrics.js';

/** The way out to identity providers. Expects `IntrospectionSettings` and `MetricsRegistry` from global modules. */
@Module({ providers: [OutboundMetrics, OutboundHttp], exports: [OutboundHttp] })
export class OutboundModule {}
