import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { operationOutcome } from './operation-outcome.js';
import { toFhirError } from './to-fhir-error.js';

/** Renders every failure as an OperationOutcome; knows none of them by name. */
@Catch()
export class FhirErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger(FhirErrorFilter.name);

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const error = toFhirError(thrown);
    if (error.status >= 500) {
      this.logger.error({ requestId: request.id, cause: error.cause }, error.message);
    }
    if (reply.sent) return;
    for (const [name, value] of Object.entries(error.headers)) {
      void reply.header(name, value);
    }
    void reply
      .status(error.status)
      .header('content-type', 'application/fhir+json; charset=utf-8')
      .send(JSON.stringify(operationOutcome(error.issues)));
  }
}
