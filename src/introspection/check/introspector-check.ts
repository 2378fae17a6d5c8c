import { Injectable } from '@nestjs/common';
import { stringAt } from '../../resources/token-introspector/json-members.js';
import type {
  JwtIntrospector,
  TokenIntrospector,
} from '../../resources/token-introspector/token-introspector.js';
import { Clock } from '../clock.js';
import { vouchedFor } from '../introspection.js';
import { IntrospectorSource } from '../introspector-source.js';
import { OutboundHttp } from '../outbound/outbound-http.js';
import { checkEndpoint } from './check-endpoint.js';
import { checkJwt, readToken } from './check-jwt.js';
import { checkRouting, checkRoutingOfIssuer } from './check-routing.js';
import type { CheckStep } from './check-step.js';
import { activity, clock, noToken } from './general-steps.js';
import { freshKeys } from './fresh-keys.js';
import type { IntrospectorFindings } from './introspector-findings.js';
import { RecordedHttp } from './recorded-http.js';
import { tokenView } from './token-view.js';

/**
 * Tries an introspector: its issuer is asked anew, past every cache and without touching one, and a
 * token goes through the functions that requests go through.
 */
@Injectable()
export class IntrospectorCheck {
  constructor(
    private readonly source: IntrospectorSource,
    private readonly http: OutboundHttp,
    private readonly clock: Clock,
  ) {}

  /** @param token at most as long as a request could carry; never part of the findings */
  async run(introspector: TokenIntrospector, token?: string): Promise<IntrospectorFindings> {
    const http = new RecordedHttp(this.http, this.clock);
    switch (introspector.type) {
      case 'jwt':
        return this.checkJwtIntrospector(introspector, token, http);
      case 'opaque':
      case 'aspxauth':
        return checkEndpoint(
          { introspector, token, all: this.source.all(), nowMs: this.clock.now() },
          http,
        );
    }
  }

  private async checkJwtIntrospector(
    introspector: JwtIntrospector,
    token: string | undefined,
    http: RecordedHttp,
  ): Promise<IntrospectorFindings> {
    const keys = await freshKeys(introspector, http);
    const own = [activity(introspector), ...keys.steps, ...clock(introspector, http)];
    if (token === undefined) {
      return { steps: [...own, noToken(), ...this.routingOfIssuer(introspector)] };
    }
    const { step, jwt } = readToken(token);
    if (jwt === undefined) return { steps: [...own, step] };
    const iss = stringAt(jwt.claims, 'iss');
    const routing = checkRouting(token, iss, introspector, this.source.all());
    const judged = await checkJwt(token, jwt, introspector, keys, this.clock.now());
    const steps = [...own, step, routing, ...judged];
    const isGood = steps.every(({ status }) => status !== 'failed') && keys.keySet !== undefined;
    return {
      steps,
      token: tokenView(jwt),
      ...(isGood ? { vouched: vouchedFor(jwt.claims, introspector) } : {}),
    };
  }

  private routingOfIssuer(introspector: JwtIntrospector): readonly CheckStep[] {
    const { iss } = introspector;
    return iss === undefined ? [] : [checkRoutingOfIssuer(iss, introspector, this.source.all())];
  }
}
