import { Injectable } from '@nestjs/common';
import type { EndpointIntrospector } from '../../resources/token-introspector/token-introspector.js';
import { refused, vouchedFor, type Introspection } from '../introspection.js';
import type { IntrospectionStrategy } from '../introspection.strategy.js';
import { IntrospectionResults } from '../opaque/introspection-results.js';

/**
 * Asks an endpoint about the value of an ASP.NET Forms Authentication cookie, which is sent and kept
 * as an opaque token is (spec §2, aspxauth).
 */
@Injectable()
export class AspxauthStrategy implements IntrospectionStrategy<EndpointIntrospector, string> {
  constructor(private readonly results: IntrospectionResults) {}

  async introspect(cookie: string, introspector: EndpointIntrospector): Promise<Introspection> {
    const result = await this.results.of(cookie, introspector);
    return typeof result === 'string'
      ? refused(result, introspector.id)
      : vouchedFor(result, introspector);
  }
}
