import { ConfigError } from './config/config-error.js';
import { EmbeddedDatabaseError } from './database/embedded/embedded-database-error.js';
import { FhirError } from './errors/fhir-error.js';
import { TlsUnusable } from './gateway/upstream/tls-context.js';
import { SecretsUnreadable } from './interactions/storage/secrets-codec.js';
import { InitBundleError } from './interactions/bundle/init/init-bundle-error.js';

/** Errors whose message is written for operators. */
const SPEAKING = [
  ...[ConfigError, EmbeddedDatabaseError, InitBundleError, SecretsUnreadable],
  TlsUnusable,
];

/**
 * Why Wardgate did not start or had to end, for the operator's terminal. What can be acted on is said in
 * a sentence, without secrets; anything else keeps its stack.
 */
export function explainFailure(error: unknown): string {
  if (SPEAKING.some((kind) => error instanceof kind)) return (error as Error).message;
  if (error instanceof FhirError) return explainRefusal(error);
  return (
    explainPort(error) ??
    explainFile(error) ??
    explainDatabase(error) ??
    (error instanceof Error ? (error.stack ?? error.message) : String(error))
  );
}

/** What the first start wanted to make from the settings was refused. */
function explainRefusal({ issues }: FhirError): string {
  return `The first start failed: ${issues.map(({ diagnostics }) => diagnostics).join('; ')}.`;
}

function explainPort(error: unknown): string | undefined {
  if (text(error, 'syscall') !== 'listen' && text(error, 'syscall') !== 'getaddrinfo') return;
  if (text(error, 'syscall') === 'getaddrinfo') return explainUnknownHost(error);
  const place = `${text(error, 'address')}:${text(error, 'port')}`;
  switch (text(error, 'code')) {
    case 'EADDRINUSE':
      return `Another program listens on ${place} already. Stop it, or set BOX_WEB_PORT.`;
    case 'EACCES':
      return `This account may not listen on ${place}. Set BOX_WEB_PORT to a port above 1023.`;
    default:
      return `Wardgate cannot listen on ${place} (${text(error, 'code')}); see BOX_WEB_HOST, BOX_WEB_PORT.`;
  }
}

function explainUnknownHost(error: unknown): string {
  const host = text(error, 'hostname');
  return `The name ${host} has no address; see DATABASE_URL, BOX_DB_HOST and BOX_WEB_HOST.`;
}

function explainFile(error: unknown): string | undefined {
  const path = text(error, 'path');
  if (path === '' || text(error, 'syscall') === 'connect') return undefined;
  const doing = `${text(error, 'syscall')} ${text(error, 'code')}`;
  return `${path} cannot be used (${doing}). Make it writable, or set WARDGATE_DATA_DIR.`;
}

/** PostgreSQL's own codes have five characters; the driver's errors name the call that failed. */
function explainDatabase(error: unknown): string | undefined {
  const isFromServer = /^[0-9A-Z]{5}$/.test(text(error, 'code')) && text(error, 'severity') !== '';
  const isUnreachable = text(error, 'syscall') === 'connect' || causes(error).length > 0;
  const isLost = /^(?:Connection terminated|timeout e|The server does not)/.test(
    text(error, 'message'),
  );
  if (!isFromServer && !isUnreachable && !isLost) return undefined;
  const why = [error, ...causes(error)].map((cause) => text(cause, 'message')).filter(Boolean);
  return `The database cannot be used: ${why.join('; ')}. See DATABASE_URL or BOX_DB_*.`;
}

/** A name with several addresses fails once for each. */
function causes(error: unknown): readonly unknown[] {
  return error instanceof AggregateError ? error.errors : [];
}

function text(error: unknown, name: string): string {
  const value: unknown =
    typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
