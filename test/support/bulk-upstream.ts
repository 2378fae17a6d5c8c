import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { startFakeUpstream, type FakeUpstream } from './fake-upstream.js';

/** A manifest as a test has it; URLs in it that begin with a slash are below the base of the server. */
export type Manifest = Readonly<Record<string, unknown>>;

/** A FHIR server that exports in bulk (FHIR Bulk Data Access 2.0) what a test has put into its files. */
export interface BulkUpstream extends Pick<FakeUpstream, 'url' | 'calls' | 'stop'> {
  /** Method and target of each request so far, which are forgotten then. */
  lines(): readonly string[];
  /** Says what exports answer when they are over, and the content of the files by their paths. */
  export(manifest: Manifest, files?: Readonly<Record<string, string>>): void;
  /** Answers the next requests with a file of so many lines that are the same, as fast as it is taken. */
  answerLines(line: string, count: number): void;
  /** Says how the next requests are answered, instead of as the guide says. */
  answerWith(answer: (response: ServerResponse) => void): void;
}

const OUTCOME = { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'x' }] };

/** Every export is under way when it is first asked for, and over after that. */
export async function startBulkUpstream(): Promise<BulkUpstream> {
  const upstream = await startFakeUpstream();
  const polls = new Map<string, number>();
  let begun = 0;
  let manifest: Manifest = {};
  let files: Readonly<Record<string, string>> = {};

  const send = (response: ServerResponse, status: number, body?: object): void => {
    response.writeHead(status, { 'content-type': 'application/fhir+json' });
    response.end(body && JSON.stringify(body));
  };
  const begin = ({ headers, url = '' }: IncomingMessage, response: ServerResponse): void => {
    if (!headers['prefer']?.includes('respond-async')) {
      send(response, 400, OUTCOME);
      return;
    }
    begun += 1;
    const job = `${upstream.url}/jobs?of=${encodeURIComponent(url)}&at=${begun}`;
    polls.set(job.slice(upstream.url.length), 0);
    response.writeHead(202, { 'content-location': job }).end();
  };
  const status = (path: string, response: ServerResponse): void => {
    const count = polls.get(path) ?? 0;
    polls.set(path, count + 1);
    if (count === 0) {
      response.writeHead(202, { 'x-progress': 'half done', 'retry-after': '7', etag: 'W/"x"' });
      response.end();
      return;
    }
    const located = JSON.stringify({
      transactionTime: '2026-11-22T10:00:00Z',
      request: `${upstream.url}/$export`,
      requiresAccessToken: false,
      ...manifest,
    }).replaceAll('"url":"/', `"url":"${upstream.url}/`);
    response.writeHead(200, { 'content-type': 'application/json' }).end(located);
  };
  const followGuide = (request: IncomingMessage, response: ServerResponse): void => {
    const path = (request.url ?? '').replace('/fhir', '');
    const file = files[path];
    if (path.split('?')[0]?.endsWith('/$export')) begin(request, response);
    else if (file !== undefined) {
      response.writeHead(200, { 'content-type': 'application/fhir+ndjson' }).end(file);
    } else if (!polls.has(path)) send(response, 404, OUTCOME);
    else if (request.method === 'DELETE') {
      polls.delete(path);
      response.writeHead(202).end();
    } else status(path, response);
  };
  upstream.answerWith(followGuide);

  return {
    url: upstream.url,
    calls: upstream.calls,
    lines: () => upstream.calls.splice(0).map(({ method, url }) => `${method} ${url}`),
    export: (nextManifest, nextFiles = {}) => {
      manifest = nextManifest;
      files = nextFiles;
      upstream.answerWith(followGuide);
    },
    answerWith: (answer) => {
      upstream.answerWith((_request, response) => {
        answer(response);
      });
    },
    answerLines: (line, count) => {
      upstream.answerWith((_request, response) => {
        response.writeHead(200, { 'content-type': 'application/fhir+ndjson' });
        Readable.from(Array.from({ length: count }, () => line)).pipe(response);
      });
    },
    stop: () => upstream.stop(),
  };
}
