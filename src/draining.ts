import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { FhirError } from './errors/fhir-error.js';

/** Asked to stop, this instance takes no more requests; another one does, or this one after its restart. */
export class ShuttingDown extends FhirError {
  readonly status = 503;
  override readonly headers = { 'retry-after': '5' };

  constructor() {
    super([{ code: 'transient', diagnostics: 'This server is shutting down; try again' }]);
  }
}

/** Lets requests in flight finish when the server stops, and refuses those that come after. */
export class Draining {
  private isDraining = false;

  /** To be made after the hooks that give every answer its headers. */
  constructor(private readonly nest: NestFastifyApplication) {
    const server = nest.getHttpAdapter().getInstance();
    server.addHook('onRequest', (_request, _reply, done) => {
      done(this.isDraining ? new ShuttingDown() : undefined);
    });
    server.addHook('onSend', (_request, reply, payload, done) => {
      // A connection that is kept would hold up the end, and its next request would be refused.
      if (this.isDraining) void reply.header('connection', 'close');
      done(null, payload);
    });
  }

  /** Resolves when every connection is closed: of its own accord, or by force after `graceMs`. */
  async drain(graceMs: number): Promise<void> {
    this.isDraining = true;
    const server = this.nest.getHttpServer();
    const cut = setTimeout(() => {
      server.closeAllConnections();
    }, graceMs);
    // An error only says that it never listened.
    await new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
    });
    clearTimeout(cut);
  }
}
