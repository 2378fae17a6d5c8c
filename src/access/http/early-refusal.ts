import { randomUUID } from 'node:crypto';
import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FhirError } from '../../errors/fhir-error.js';
import { operationOutcome } from '../../errors/operation-outcome.js';
import { ExpectationFailed, UnreadableRequest } from './http-errors.js';

/** No router and no hook has seen the request, so what they add to every answer is added here. */
function answerTo(error: FhirError): { headers: Record<string, string>; body: string } {
  const body = JSON.stringify(operationOutcome(error.issues));
  return {
    body,
    headers: {
      'x-request-id': randomUUID(),
      'content-type': 'application/fhir+json; charset=utf-8',
      'content-length': String(Buffer.byteLength(body)),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'content-security-policy': "default-src 'none'",
      connection: 'close',
    },
  };
}

/**
 * Answers what the HTTP parser cannot read (400, 408 or 431) and ends the connection, because nobody
 * can tell where the next request on it would begin.
 */
export function refuseUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  const refusal = new UnreadableRequest(error.code);
  const { headers, body } = answerTo(refusal);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const status = `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? ''}\r\n`;
  if (canAnswer(error, socket)) socket.write(`${status}${lines.join('')}\r\n${body}`);
  socket.destroy(error);
}

/** Answers an `Expect` other than `100-continue` (RFC 9110 §10.1.1): 417. */
export function refuseExpectation(_request: IncomingMessage, response: ServerResponse): void {
  const refusal = new ExpectationFailed();
  const { headers, body } = answerTo(refusal);
  response.writeHead(refusal.status, headers).end(body);
}

/** In the middle of another answer, a second status line would pass for a part of its body. */
function canAnswer(error: NodeJS.ErrnoException, socket: Socket): boolean {
  const current: unknown = Reflect.get(socket, '_httpMessage');
  const isAnswering =
    typeof current === 'object' && current !== null && Reflect.get(current, 'headersSent') === true;
  return error.code !== 'ECONNRESET' && socket.writable && !isAnswering;
}
