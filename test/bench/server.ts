import type { ExecutionContext } from '@nestjs/common';
import fastify from 'fastify';
import pg from 'pg';
import { AccessGuard } from '../../src/access/access.guard.js';
import { createApp } from '../../src/app.setup.js';
import { readConfig } from '../../src/config/read-config.js';
import type { InteractionRequest } from '../../src/interactions/http/interaction-request.js';
import { PinoLogger } from '../../src/logging/pino-logger.js';
import { serveFixedUpstream } from './fixed-upstream.js';
import { ROOT_SECRET } from './scenario.js';

/**
 * Wardgate as it is, before another FHIR server, or without its guard; nothing but HTTP server and database;
 * or that other FHIR server.
 */
type Variant = 'guarded' | 'gateway' | 'public' | 'database' | 'upstream';

const ANYBODY: InteractionRequest = {
  family: 'fhir',
  query: {},
  body: undefined,
  contentType: undefined,
  ifMatch: undefined,
  ifNoneMatch: undefined,
  prefer: undefined,
  writer: { isAdministrator: false },
};

async function serveWardgate(
  port: number,
  url: string,
  isGuarded: boolean,
  upstreamUrl = '',
): Promise<void> {
  const config = readConfig({
    DATABASE_URL: url,
    BOX_WEB_PORT: String(port),
    BOX_ROOT_CLIENT_SECRET: ROOT_SECRET,
    BOX_ADMIN_PASSWORD: 'bench-admin-password',
    FHIR_UPSTREAM_URL: upstreamUrl,
  });
  const app = await createApp(config, { url }, new PinoLogger('info'));
  // The product has no way to take its guard out; a benchmark reaches into the instance.
  if (!isGuarded) app.nest.get(AccessGuard).canActivate = admitAnybody;
  await app.listen(port, '127.0.0.1');
}

function admitAnybody(context: ExecutionContext): Promise<boolean> {
  const http = context.switchToHttp().getRequest<{ interaction?: InteractionRequest }>();
  http.interaction = ANYBODY;
  return Promise.resolve(true);
}

async function serveDatabase(port: number, connectionString: string): Promise<void> {
  const pool = new pg.Pool({ connectionString, max: 16 });
  const server = fastify();
  server.get<{ Params: { id: string } }>('/fhir/Patient/:id', async (request, reply) => {
    const { rows } = await pool.query<{ text: string }>(
      `SELECT resource::text AS text FROM clinical_resource
        WHERE resource_type = 'Patient' AND id = $1`,
      [request.params.id],
    );
    return reply.type('application/fhir+json').send(rows[0]?.text);
  });
  await server.listen({ port, host: '127.0.0.1' });
}

const VARIANTS: Readonly<
  Record<Variant, (port: number, url: string, upstreamUrl: string) => Promise<void>>
> = {
  guarded: (port, url) => serveWardgate(port, url, true),
  gateway: (port, url, upstreamUrl) => serveWardgate(port, url, true, upstreamUrl),
  public: (port, url) => serveWardgate(port, url, false),
  database: serveDatabase,
  upstream: serveFixedUpstream,
};

const [variant, port, url = '', upstreamUrl = ''] = process.argv.slice(2);
await VARIANTS[variant as Variant](Number(port), url, upstreamUrl);
process.stdout.write('ready\n');
