import { Module } from '@nestjs/common';
import { OutboundHttp } from './outbound-http.js';

/** The way out to identity providers. Expects `IntrospectionSettings` from a global module. */
@Module({ providers: [OutboundHttp], exports: [OutboundHttp] })
export class OutboundModule {}
