import { Injectable } from '@nestjs/common';
import type { EndpointIntrospector } from '../../resources/token-introspector/token-introspector.js';
import { refused, vouchedFor, type Introspection } from '../introspection.js';
import type { IntrospectionStrategy } from '../introspection.strategy.js';
import { IntrospectionResults } from './introspection-results.js';

/** Asks an introspection endpoint about a token that only its issuer can read (RFC 7662). */
@Injectable()
export class OpaqueStrategy implements IntrospectionStrategy<EndpointIntrospector, string> {
  constructor(private readonly results: IntrospectionResults) {}

  async introspect(token: string, introspector: EndpointIntrospector): Promise<Introspection> {
    const result = await this.results.of(token, introspector);
    return typeof result === 'string'
      ? refused(result, introspector.id)
      : vouchedFor(result, introspector);
  }
}
