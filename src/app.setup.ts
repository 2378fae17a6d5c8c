import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { OWN_REQUEST_ID, requestIdHeaders } from './access/authzen/request-id.js';
import { rewriteToCanonical, targetOf } from './access/http/canonical-routing.js';
import { refuseExpectation, refuseUnreadable } from './access/http/early-refusal.js';
import { assertSingularHeaders } from './access/http/singular-headers.js';
import { MAX_PARAMETER_LENGTH } from './access/routes/route-finder.js';
import { FirstStart, type MadeSecrets } from './access/first-start/first-start.js';
import { RequestMetrics } from './access/http/request-metrics.js';
import { AppModule } from './app.module.js';
import type { AppConfig } from './config/app-config.js';
import type { ServerConnection } from './database/server-connection.js';
import { registerBuildInfo } from './build-info.js';
import { driverOptions } from './database/driver-options.js';
import { Draining } from './draining.js';
import { InitBundle } from './interactions/bundle/init/init-bundle.js';
import { ChangeFeed } from './interactions/changes/change-feed.js';
import { ChangeWatcher } from './interactions/changes/change-watcher.js';
import { SearchIndexing } from './interactions/search/index/search-indexing.js';
import { SecretsAtRest } from './interactions/storage/secrets-at-rest.js';
import type { PinoLogger } from './logging/pino-logger.js';
import { MetricsRegistry } from './metrics/metrics-registry.js';
import { mountDocs } from './swagger.js';

/** What is left after the last request may take this long to end, a query nobody waits for included. */
const END_PATIENCE_MS = 3000;

/** A request that is not complete by then is given up, so that slow senders do not hold connections. */
const REQUEST_TIMEOUT_MS = 120_000;

/** Wardgate, ready to listen. */
export interface App {
  readonly nest: NestFastifyApplication;
  /** Secrets that this very start made, to be shown once. */
  readonly madeSecrets: MadeSecrets;
  listen(port: number, host: string): Promise<void>;
  /** Answers what is in flight for at most `graceMs`, then closes everything; the database stays up. */
  stop(graceMs: number): Promise<void>;
}

/**
 * Builds the application on a migrated database: the server, the first start, and everything in memory.
 * When it resolves, the next request is decided with what the database holds now.
 */
export async function createApp(
  config: AppConfig,
  connection: ServerConnection,
  logger: PinoLogger,
): Promise<App> {
  const adapter = new FastifyAdapter(serverOptions(config));
  const nest = await NestFactory.create<NestFastifyApplication>(
    AppModule.configure(config, connection),
    adapter,
    { logger, bodyParser: false, abortOnError: false },
  );
  registerBuildInfo(nest.get(MetricsRegistry));
  nest.get(RequestMetrics).observe(adapter.getInstance());
  await setUpServer(nest, config);
  const draining = new Draining(nest);
  mountDocs(nest, config);
  await nest.init();

  await orClose(nest, () => nest.get(SecretsAtRest).check());
  const madeSecrets = await nest.get(FirstStart).run();
  const feed = nest.get(ChangeFeed);
  await orClose(nest, () => feed.start());
  await orClose(nest, () => nest.get(SearchIndexing).start());
  await orClose(nest, () => applyInitBundle(nest, config));
  nest.get(SecretsAtRest).start();
  const watcher = watch(feed, connection, logger);
  await watcher.start();
  return {
    nest,
    madeSecrets,
    listen: async (port, host) => {
      await nest.listen(port, host);
    },
    stop: async (graceMs) => {
      await draining.drain(graceMs);
      // Not before: requests in flight are decided with current policies too.
      await watcher.stop();
      await Promise.race([nest.close(), delay(END_PATIENCE_MS, undefined, { ref: false })]);
    },
  };
}

/** The connections of a start that fails must not keep the process alive. */
async function orClose(nest: NestFastifyApplication, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    await nest.close();
    throw error;
  }
}

/** Before the port opens. */
async function applyInitBundle(nest: NestFastifyApplication, config: AppConfig): Promise<void> {
  // Its conditions are searches, which must miss nothing.
  if (config.firstStart.initBundle !== undefined) await nest.get(SearchIndexing).completed();
  await nest.get(InitBundle).apply();
  await nest.get(ChangeFeed).catchUp();
}

function watch(feed: ChangeFeed, connection: ServerConnection, logger: PinoLogger): ChangeWatcher {
  return new ChangeWatcher(feed, driverOptions(connection), {
    failed: (what, error) => {
      logger.warn(`${what} failed: ${String(error)}`, ChangeWatcher.name);
    },
    recovered: (what) => {
      logger.log(`${what} works again`, ChangeWatcher.name);
    },
  });
}

function serverOptions(config: AppConfig): ConstructorParameters<typeof FastifyAdapter>[0] {
  return {
    bodyLimit: config.web.maxBodyBytes,
    rewriteUrl: (request) =>
      rewriteToCanonical(request as Parameters<typeof rewriteToCanonical>[0]),
    // Made here and never taken from the client, who could otherwise pick the id of another decision.
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    logger: false,
    requestTimeout: REQUEST_TIMEOUT_MS,
    clientErrorHandler: refuseUnreadable,
    // Checked with the other headers, so that its refusal is an OperationOutcome.
    http: { requireHostHeader: false },
    routerOptions: { maxParamLength: MAX_PARAMETER_LENGTH },
  };
}

async function setUpServer(nest: NestFastifyApplication, config: AppConfig): Promise<void> {
  const server = nest.getHttpAdapter().getInstance();
  // Only bytes are collected here, within the limit; the guard parses them when the credential holds.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
  server.server.on('checkExpectation', refuseExpectation);
  server.addHook('onRequest', (request, reply, done) => {
    const clientId = request.headers['x-request-id'];
    void reply.headers(requestIdHeaders(request.url, request.id, clientId));
    // Only Authorization keeps shared caches from storing an answer by itself (RFC 9111 §3.5).
    if (request.headers.cookie !== undefined)
      void reply.header('cache-control', 'private, no-cache');
    done();
  });
  await nest.register(helmet, securityHeaders(config));
  if (config.web.corsEnabled) await nest.register(cors, corsOptions(config));
  // After the hooks that set headers, so that refusals have them too.
  server.addHook('onRequest', (request, _reply, done) => {
    targetOf(request.raw);
    assertSingularHeaders(request.raw);
    done();
  });
}

function securityHeaders(config: AppConfig): Parameters<typeof helmet>[1] {
  const isHttps = config.web.baseUrl.startsWith('https:');
  return {
    hsts: isHttps ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    referrerPolicy: { policy: 'no-referrer' },
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'none'"],
        objectSrc: ["'none'"],
        frameAncestors: ["'none'"],
        formAction: ["'self'"],
        scriptSrc: ["'self'"],
        // The description page sets styles and shows images from within its own code.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
      },
    },
  };
}

function corsOptions({ web }: AppConfig): Parameters<typeof cors>[1] {
  const isAny = web.corsOrigins.includes('*');
  return {
    origin: isAny ? '*' : [...web.corsOrigins],
    // A wildcard never goes with credentials: any site could act as whoever is logged in.
    credentials: !isAny,
    // An OPTIONS that is no preflight learns nothing, and is no error.
    strictPreflight: false,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders: [
      'etag',
      'last-modified',
      'location',
      'warning',
      'x-request-id',
      OWN_REQUEST_ID,
    ],
    maxAge: 600,
  };
}
