import { basic, type Call, type Reply, type TestApp } from './test-app.js';

/** An element of `Bundle.entry` as a test sends it. */
export interface SentEntry {
  readonly fullUrl?: string;
  readonly resource?: unknown;
  readonly request: Readonly<Record<string, string>>;
}

/** An element of `Bundle.entry` as it comes back. */
export interface AnsweredEntry {
  readonly resource?: Record<string, unknown>;
  readonly response: {
    readonly status: string;
    readonly location?: string;
    readonly etag?: string;
    readonly lastModified?: string;
    readonly outcome?: {
      readonly issue: readonly { diagnostics: string; expression?: string[] }[];
    };
  };
}

/** Secret of every Client that {@link addClient} makes. */
export const CLIENT_SECRET = 'secret-of-a-client';

/** Sends a request as a Client that {@link addClient} has made. */
export function callAs(
  app: TestApp,
  client: string,
  method: string,
  path: string,
  call: Call = {},
): Promise<Reply> {
  const headers = { ...call.headers, authorization: basic(client, CLIENT_SECRET) };
  return app.call(method, path, { ...call, headers });
}

/** Sends a Bundle, as root unless another Client is named. */
export function sendBundle(
  app: TestApp,
  type: 'batch' | 'transaction',
  entry: readonly SentEntry[],
  client?: string,
): Promise<Reply> {
  const body = { resourceType: 'Bundle', type, entry };
  if (client !== undefined) return callAs(app, client, 'POST', '/fhir', { body });
  return app.call('POST', '/fhir', { body, asRoot: true });
}

/** The entries of an answer. */
export function entriesOf({ json }: Reply): readonly AnsweredEntry[] {
  return (json?.['entry'] ?? []) as readonly AnsweredEntry[];
}

/** The statuses of the entries, in order. */
export function statusesOf(reply: Reply): readonly string[] {
  return entriesOf(reply).map(({ response }) => response.status);
}

/** Makes a Client that may do what the matcho patterns say, each put together with the Client itself. */
export async function addClient(
  app: TestApp,
  id: string,
  patterns: readonly object[],
): Promise<void> {
  await app.put(`/fhir/Client/${id}`, { secret: CLIENT_SECRET, grant_types: ['basic'] });
  for (const [at, pattern] of patterns.entries()) {
    const matcho = { client: { id }, ...pattern };
    await app.put(`/fhir/AccessPolicy/${id}-${at}`, { engine: 'matcho', matcho });
  }
}

/** An entry without a resource. */
export const asks = (method: string, url: string, more: object = {}): SentEntry => ({
  request: { method, url, ...more },
});

/** An entry that writes. */
export const writes = (
  method: string,
  url: string,
  resource: unknown,
  more: Readonly<Record<string, string>> = {},
): SentEntry => ({ resource, request: { method, url, ...more } });
