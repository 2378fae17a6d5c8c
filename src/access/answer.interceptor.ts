import { Readable } from 'node:stream';
import {
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { BadRequest } from '../errors/fhir-error.js';
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
      map((answer) => {
        const { status, headers, text, content, mediaType: own } = answer;
        void reply.status(status);
        for (const [name, value] of Object.entries(headers)) void reply.header(name, value);
        const given = content ?? text ?? leftOut(request.method, status);
        if (given === undefined) return undefined;
        if (mediaType === undefined) {
          void reply.header('content-type', own ?? fixed);
          return given;
        }
        // Failures are JSON, as those that are thrown.
        const type = status < 400 ? mediaType : 'application/fhir+json';
        void reply.header('content-type', `${type}; charset=utf-8`);
        return typeof given === 'string' ? rendered(given, answer, type) : given;
      }),
    );
  }
}

function rendered(text: string, { yaml }: Answer, type: MediaType): string {
  return type === 'text/yaml' && yaml ? yaml() : renderBody(text, type);
}

/** What HEAD leaves out and nobody has read, so that its length is not known (RFC 9110 §8.6, §9.3.2). */
function leftOut(method: string, status: number): Readable | undefined {
  return method === 'HEAD' && status !== 204 && status !== 304 ? Readable.from([]) : undefined;
}

/** Set where the answer is no resource, which is then not negotiated about. */
function fixedMediaType(context: ExecutionContext): string | undefined {
  return Reflect.getMetadata(ANSWERS_AS, context.getHandler()) as string | undefined;
}

/** @throws FhirError 406 when the caller takes nothing that can be answered, 400 for an unreadable `_pretty`. */
export function negotiatedFor(request: FastifyRequest): MediaType {
  assertPretty(request.query);
  return negotiate({
    accept: request.headers.accept,
    format: formatParameter(request.query),
  });
}

function formatParameter(query: unknown): string | undefined {
  const value = parameter(query, '_format');
  return typeof value === 'string' ? value : undefined;
}

/** Answers look the same with it and without (FHIR R4, RESTful API §3.1.0.1.12); it is a boolean all the same. */
function assertPretty(query: unknown): void {
  const value = parameter(query, '_pretty');
  if (value === undefined || value === 'true' || value === 'false') return;
  throw new BadRequest('_pretty is true or false', 'value', '_pretty');
}

function parameter(query: unknown, name: string): unknown {
  const isThere = typeof query === 'object' && query !== null && Object.hasOwn(query, name);
  return isThere ? Reflect.get(query, name) : undefined;
}
