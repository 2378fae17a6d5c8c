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
import { RequestReader, type IncomingRequest } from './incoming-request.js';
import type { Credential } from './http/credential.js';
import { rememberOrigin, type GuardedRequest } from './guarded-request.js';
import { isAdministration, routeOf, type Route } from './route.js';
import type { Stage } from './tracing/decision-trace.js';

type DecidedRequest = FastifyRequest & {
  interaction?: InteractionRequest;
  /** Who sent it and how, for the gateway. */
  origin?: GuardedRequest;
};

/** How far a request has come, for its trace should it be refused. */
interface Progress {
  stage: Stage | 'policies';
  scheme?: Credential['scheme'];
  caller?: Caller;
}

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
    const http = context.switchToHttp().getRequest<DecidedRequest>();
    const progress: Progress = { stage: 'configuration' };
    try {
      await this.admit(http, route, progress);
    } catch (error) {
      this.remember(http, progress, error);
      throw error;
    }
    return true;
  }

  private async admit(http: DecidedRequest, route: Route, progress: Progress): Promise<void> {
    this.feed.confirmFresh();
    progress.stage = 'credential';
    const credential = this.requests.credential(http);
    progress.scheme = credential.scheme;
    progress.stage = 'authentication';
    const origin = this.requests.origin(http);
    const wish = this.requests.wishToActAs(http);
    const caller = await this.authenticator.authenticate(credential, origin, wish);
    progress.caller = caller;
    progress.stage = 'request';
    const incoming = this.requests.request(http, route);
    const body = this.requests.body(http, route);
    progress.stage = 'policies';
    await this.authorize(incoming, route, caller, body);
    progress.stage = 'administrator';
    if (route.isForAdministrators) this.authorizer.requireAdministrator(caller);

    http.interaction = this.interaction(http, incoming, caller, body);
    http.origin = { incoming, caller };
    rememberOrigin(route.operation, http.interaction, http.origin);
  }

  private remember(http: DecidedRequest, progress: Progress, error: unknown): void {
    const { stage, scheme, caller } = progress;
    // Decided by policies, and so remembered with what they said.
    if (stage === 'policies') return;
    const request = this.requests.outline(http);
    this.authorizer.turnedAway({ requestId: http.id, stage, scheme, caller, error, request });
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
  }

  private interaction(
    http: DecidedRequest,
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
      ifModifiedSince: http.headers['if-modified-since'],
      prefer: http.headers['prefer']?.toString(),
      writer: { isAdministrator: this.authorizer.isAdministrator(caller) },
    };
  }
}
