import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { MediaType } from '../../interactions/formats/media-type.js';
import { renderBody } from '../../interactions/formats/render-body.js';
import { negotiatedFor } from '../answer.interceptor.js';
import { PolicyTrace } from './policy-trace.js';

/** Answers a {@link PolicyTrace}, in the format that the caller asked for. */
@Catch(PolicyTrace)
export class PolicyTraceFilter implements ExceptionFilter<PolicyTrace> {
  catch({ traced }: PolicyTrace, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const mediaType = mediaTypeFor(http.getRequest<FastifyRequest>());
    void http
      .getResponse<FastifyReply>()
      .status(200)
      .header('content-type', `${mediaType}; charset=utf-8`)
      .send(renderBody(JSON.stringify(traced), mediaType));
  }
}

// The trace replaces whatever would have been answered, a 406 included.
function mediaTypeFor(request: FastifyRequest): MediaType {
  try {
    return negotiatedFor(request);
  } catch {
    return 'application/fhir+json';
  }
}
