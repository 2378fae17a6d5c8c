import {
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import type { Answer } from '../interactions/http/answer.js';
import { ANSWERS_AS } from '../interactions/http/answers-as.decorator.js';
import { negotiate, type MediaType } from '../interactions/formats/media-type.js';
import { renderBody } from '../interactions/formats/render-body.js';

type Body = string | NonNullable<Answer['content']> | undefined;

/** Writes an {@link Answer} as the response, in the format that the caller asked for. */
@Injectable()
export class AnswerInterceptor implements NestInterceptor<Answer, Body> {
  intercept(context: ExecutionContext, next: CallHandler<Answer>): Observable<Body> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    // Before the handler runs: a write must not take effect and then be answered 406.
    const fixed = fixedMediaType(context);
    const mediaType = fixed === undefined ? negotiatedFor(request) : undefined;
    return next.handle().pipe(
      map(({ status, headers, text, content, yaml }) => {
        void reply.status(status);
        for (const [name, value] of Object.entries(headers)) void reply.header(name, value);
        const given = content ?? text;
        if (given === undefined) return undefined;
        if (mediaType === undefined) {
          void reply.header('content-type', fixed);
          return given;
        }
        void reply.header('content-type', `${mediaType}; charset=utf-8`);
        if (typeof given !== 'string') return given;
        return mediaType === 'text/yaml' && yaml ? yaml() : renderBody(given, mediaType);
      }),
    );
  }
}

/** Set where the answer is no resource, which is then not negotiated about. */
function fixedMediaType(context: ExecutionContext): string | undefined {
  return Reflect.getMetadata(ANSWERS_AS, context.getHandler()) as string | undefined;
}

/** @throws FhirError 406 when the caller takes nothing that can be answered. */
export function negotiatedFor(request: FastifyRequest): MediaType {
  return negotiate({
    accept: request.headers.accept,
    format: formatParameter(request.query),
  });
}

function formatParameter(query: unknown): string | undefined {
  if (typeof query !== 'object' || query === null || !Object.hasOwn(query, '_format'))
    return undefined;
  const value: unknown = Reflect.get(query, '_format');
  return typeof value === 'string' ? value : undefined;
}
