import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Caller } from '../identity/caller.js';
import { ChangeFeed } from '../interactions/changes/change-feed.js';
import type { ParsedBody } from '../interactions/formats/json.js';
import type { InteractionRequest } from '../interactions/http/interaction-request.js';
import { accessRequest } from './access-request.js';
import { Authenticator } from './authenticator.js';
import { Authorizer } from './authorizer.js';
import { PolicyDebugging } from './designing/policy-debugging.js';
import { rememberOrigin } from './entry-authorizer.js';
import { RequestReader, type IncomingRequest } from './incoming-request.js';
import { isAdministration, routeOf, type Route } from './route.js';

/**
 * Policy enforcement point: credential → caller → decision → handler. It is global; a route is open only
 * with `@Public`, and no setting and no other path leads around it.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly feed: ChangeFeed,
    private readonly requests: RequestReader,
    private readonly authenticator: Authenticator,
    private readonly authorizer: Authorizer,
    private readonly debugging: PolicyDebugging,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const route = routeOf(context);
    if (route.isPublic) return true;
    const http = context
      .switchToHttp()
      .getRequest<FastifyRequest & { interaction?: InteractionRequest }>();

    this.feed.confirmFresh();
    const caller = await this.authenticator.authenticate(
      this.requests.credential(http),
      this.requests.origin(http),
      this.requests.wishToActAs(http),
    );
    const incoming = this.requests.request(http);
    const body = this.requests.body(http);
    await this.authorize(incoming, route, caller, body);

    http.interaction = this.interaction(http, incoming, caller, body);
    if (route.operation === 'FhirTransaction') {
      rememberOrigin(http.interaction, { incoming, caller });
    }
    return true;
  }

  private async authorize(
    incoming: IncomingRequest,
    route: Route,
    caller: Caller,
    body: ParsedBody | undefined,
  ): Promise<void> {
    const request = accessRequest(incoming, route, caller, body);
    const administration = isAdministration(route);
    await this.debugging.trace(incoming, request, caller, administration);
    await this.authorizer.authorize(incoming.id, request, caller, administration);
    if (route.isForAdministrators) this.authorizer.requireAdministrator(caller);
  }

  private interaction(
    http: FastifyRequest,
    incoming: IncomingRequest,
    caller: Caller,
    body: ParsedBody | undefined,
  ): InteractionRequest {
    return {
      family: incoming.family,
      query: incoming.query,
      body,
      contentType: incoming.contentType,
      ifMatch: http.headers['if-match'],
      ifNoneMatch: http.headers['if-none-match'],
      prefer: http.headers['prefer']?.toString(),
      writer: { isAdministrator: this.authorizer.isAdministrator(caller) },
    };
  }
}
