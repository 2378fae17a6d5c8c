import { addClient, CLIENT_SECRET } from './bundle-calls.js';
import { startBulkUpstream, type BulkUpstream } from './bulk-upstream.js';
import { basic, startTestApp, type Call, type Reply, type TestApp } from './test-app.js';

/** By which exports are asked for. */
export const ASYNC = { prefer: 'respond-async' };
/** An export that `exporter` and `another` may do. */
export const EXPORT_PATH = '/fhir/Patient/$export?_type=Patient,Observation';
/** What a policy says to allow exports. */
export const EXPORTS = { operation: { id: 'FhirExport' } };

/** What a policy says to allow searches of a type. */
export function searchOf(type: string, more: object = {}): object {
  return { operation: { id: 'FhirSearch' }, params: { 'resource/type': type, ...more } };
}

/** A file as the manifest of an export has it. */
export interface ListedFile {
  readonly type: string;
  readonly url: string;
  readonly count?: number;
}

/** The files of a manifest. */
export function filesOf({ json }: Reply, list = 'output'): readonly ListedFile[] {
  return (json?.[list] ?? []) as readonly ListedFile[];
}

/** A gateway that passes exports, before a server that makes them. */
export interface ExportFixture {
  readonly upstream: BulkUpstream;
  readonly gateway: TestApp;
  ask(method: string, path: string, client: string, call?: Call): Promise<Reply>;
  begin(path: string, client?: string): Promise<Reply>;
  /** A link of an answer, as it was given. */
  follow(url: string, client?: string, method?: string): Promise<Reply>;
  /** Where an export stands that has begun. */
  jobOf(path?: string, client?: string): Promise<string>;
  /** The manifest of a new export; the first request for it finds it under way. */
  manifestOf(path?: string, client?: string): Promise<Reply>;
  stop(): Promise<void>;
}

/** Starts both, with Clients: `exporter` and `another` may export, `searcher` only search. */
export async function startExportFixture(): Promise<ExportFixture> {
  const upstream = await startBulkUpstream();
  const gateway = await startTestApp({
    FHIR_UPSTREAM_URL: upstream.url,
    WARDGATE_UPSTREAM_OPERATIONS: 'export',
  });
  const both = [searchOf('Patient'), searchOf('Observation')];
  await addClient(gateway, 'exporter', [EXPORTS, ...both]);
  await addClient(gateway, 'another', [EXPORTS, ...both]);
  await addClient(gateway, 'searcher', both);

  const ask: ExportFixture['ask'] = (method, path, client, call = {}) =>
    gateway.call(method, path, {
      ...call,
      headers: { ...call.headers, authorization: basic(client, CLIENT_SECRET) },
    });
  const begin: ExportFixture['begin'] = (path, client = 'exporter') =>
    ask('GET', path, client, { headers: ASYNC });
  const follow: ExportFixture['follow'] = (url, client = 'exporter', method = 'GET') =>
    ask(method, url.replace(gateway.baseUrl, ''), client);
  const jobOf: ExportFixture['jobOf'] = async (path = EXPORT_PATH, client = 'exporter') => {
    const { headers } = await begin(path, client);
    upstream.lines();
    return headers.get('content-location') ?? '';
  };
  return {
    ...{ upstream, gateway, ask, begin, follow, jobOf },
    manifestOf: async (path, client = 'exporter') => {
      const job = await jobOf(path, client);
      await follow(job, client);
      const reply = await follow(job, client);
      upstream.lines();
      return reply;
    },
    stop: async () => {
      await gateway.stop();
      await upstream.stop();
    },
  };
}
