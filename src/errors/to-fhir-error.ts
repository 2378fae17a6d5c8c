import { HttpException } from '@nestjs/common';
import {
  BadRequest,
  Duplicate,
  FhirError,
  InvalidResource,
  NotFound,
  type IssueCode,
} from './fhir-error.js';

/** Something that was not foreseen: 500 with a fixed sentence; the cause is for the log. */
export class Unforeseen extends FhirError {
  readonly status = 500;

  constructor(cause: unknown) {
    super(
      [
        {
          code: 'exception',
          severity: 'fatal',
          diagnostics:
            'The server failed on this request; its log has the cause under the x-request-id',
        },
      ],
      { cause },
    );
  }
}

/** The database cannot serve this request now: 503. */
export class DatabaseUnavailable extends FhirError {
  readonly status = 503;
  override readonly headers = { 'retry-after': '5' };

  constructor(cause: unknown) {
    super([{ code: 'transient', diagnostics: 'The database cannot be reached now; try again' }], {
      cause,
    });
  }
}

/** A refusal of the HTTP server itself, before any handler. */
class HttpRefusal extends FhirError {
  constructor(
    readonly status: number,
    code: IssueCode,
    diagnostics: string,
  ) {
    super([{ code, diagnostics }]);
  }
}

/** Translates whatever was thrown; what is not understood becomes {@link Unforeseen}. */
export function toFhirError(error: unknown): FhirError {
  if (error instanceof FhirError) return error;
  if (error instanceof HttpException) return fromHttpException(error);
  if (isAborted(error)) return new BadRequest('The request ended before its body did');
  if (isLostConnection(error)) return new DatabaseUnavailable(error);
  const code = property(error, 'code');
  if (typeof code !== 'string') return new Unforeseen(error);
  return fromPostgres(code, error) ?? fromHttpServer(code, error) ?? new Unforeseen(error);
}

function fromHttpException(error: HttpException): FhirError {
  const status = error.getStatus();
  return status >= 500 ? new Unforeseen(error) : refusalOf(status);
}

function refusalOf(status: number): FhirError {
  switch (status) {
    case 404:
      return new NotFound('There is no such route');
    case 413:
      return new HttpRefusal(413, 'too-long', 'The body is too large');
    case 415:
      return new HttpRefusal(415, 'not-supported', 'Send the body as application/fhir+json');
    default:
      return new HttpRefusal(status, 'invalid', 'The request was refused');
  }
}

/** PostgreSQL error codes, class 22 (data), 23 (constraints), and what means "not now". */
function fromPostgres(code: string, error: unknown): FhirError | undefined {
  if (/^(?:08|53|57P)/.test(code) || UNAVAILABLE.has(code)) return new DatabaseUnavailable(error);
  switch (code) {
    case '23505':
      return new Duplicate('Another resource has the same value where it must be unique');
    case '23514':
    case '22003':
    case '22P02':
    case '22P05':
      return new InvalidResource([
        { code: 'value', diagnostics: 'The database cannot hold a value of this resource' },
      ]);
    default:
      return undefined;
  }
}

/**
 * Serialization failure, deadlock, lock and statement timeouts, and a server that became read-only in a
 * failover: the same request may succeed later.
 */
const UNAVAILABLE: ReadonlySet<string> = new Set(['25006', '40001', '40P01', '55P03', '57014']);

/** The driver reports some lost connections by their sentence only. */
function isLostConnection(error: unknown): boolean {
  // A host with several addresses fails with one error for all of them.
  if (error instanceof AggregateError) return error.errors.some(isLostConnection);
  const isNetwork = /^(?:connect|read|write)$/.test(String(property(error, 'syscall')));
  const message = error instanceof Error ? error.message : '';
  return (
    isNetwork || /^Connection terminated|^timeout exceeded when trying to connect/.test(message)
  );
}

/** Errors of Fastify and Node's HTTP parser carry a code and a status below 500. */
function fromHttpServer(code: string, error: unknown): FhirError | undefined {
  const status = property(error, 'statusCode');
  if (typeof status !== 'number' || status < 400 || status >= 500) return undefined;
  return code.startsWith('FST_') ? refusalOf(status) : undefined;
}

/** The client went away while its body was read, which no operator needs to be told. */
function isAborted(error: unknown): boolean {
  return property(error, 'code') === 'ECONNRESET' && property(error, 'statusCode') === 400;
}

function property(error: unknown, name: string): unknown {
  return typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
}
