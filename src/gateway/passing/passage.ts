import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { originOf, type GuardedRequest } from '../../access/guarded-request.js';
import type { InteractionRequest } from '../../interactions/http/interaction-request.js';

/** A request that was allowed, on its way to the upstream. */
export interface Passage {
  readonly request: InteractionRequest;
  /** Who asked, and how it arrived. */
  readonly origin: GuardedRequest;
  /** As it was sent. */
  readonly method: string;
  /** Ends what is done for it, because the client is gone. */
  readonly signal: AbortSignal;
}

interface Http {
  readonly interaction?: InteractionRequest;
  readonly method: string;
  readonly raw: IncomingMessage;
}

/** A parameter of a controller method that receives the {@link Passage}. */
export const Passes = createParamDecorator((_data: unknown, context: ExecutionContext): Passage => {
  const http = context.switchToHttp();
  const { interaction, method } = http.getRequest<Http>();
  // Only the guard attaches it: a route that it did not decide must not run.
  if (!interaction) throw new Error('A request reached its handler without a decision');
  const { raw } = http.getResponse<{ readonly raw: ServerResponse }>();
  return { request: interaction, origin: originOf(interaction), method, signal: untilGone(raw) };
});

/** Aborted when the connection ends before the answer does. */
function untilGone(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  if (response.destroyed) gone.abort();
  return gone.signal;
}
