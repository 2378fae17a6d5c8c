import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import type { GuardedRequest } from '../../access/guarded-request.js';
import { FhirError } from '../../errors/fhir-error.js';
import { negotiate } from '../../interactions/formats/media-type.js';
import type { InteractionRequest } from '../../interactions/http/interaction-request.js';

/** A request that was allowed, on its way to the upstream. */
export interface Passage {
  readonly request: InteractionRequest;
  /** Who asked, and how it arrived. */
  readonly origin: GuardedRequest;
  /** As it was sent. */
  readonly method: string;
  /** Whether the client takes the answer as YAML, for which it must be read here. */
  readonly isForYaml: boolean;
  /** Ends what is done for it, because the client is gone. */
  readonly signal: AbortSignal;
}

interface Http {
  readonly interaction?: InteractionRequest;
  readonly origin?: GuardedRequest;
  readonly method: string;
}

/** A parameter of a controller method that receives the {@link Passage}. */
export const Passes = createParamDecorator((_data: unknown, context: ExecutionContext): Passage => {
  const http = context.switchToHttp();
  const { interaction, origin, method } = http.getRequest<Http>();
  // Only the guard attaches it: a route that it did not decide must not run.
  if (!interaction || !origin) throw new Error('A request reached its handler without a decision');
  const { raw } = http.getResponse<{ readonly raw: ServerResponse }>();
  return {
    request: interaction,
    origin,
    method,
    isForYaml: isForYaml(origin.incoming),
    signal: untilGone(raw),
  };
});

function isForYaml({ peer: { headers }, query }: GuardedRequest['incoming']): boolean {
  const { accept } = headers;
  const format = query['_format'];
  const wish = {
    accept: accept?.toString(),
    format: typeof format === 'string' ? format : undefined,
  };
  try {
    return negotiate(wish) === 'text/yaml';
  } catch (error) {
    // Refused before wherever an answer is negotiated about; other routes answer in one format.
    if (error instanceof FhirError) return false;
    throw error;
  }
}

/** Aborted when the connection ends before the answer does. */
function untilGone(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  if (response.destroyed) gone.abort();
  return gone.signal;
}
