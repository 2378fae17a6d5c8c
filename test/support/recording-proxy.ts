import {
  createServer,
  request as send,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it arrived, before it was handed on. */
export interface RecordedRequest {
  readonly method: string;
  /** The request target. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A server on loopback that hands every request on, and remembers it. */
export interface RecordingProxy {
  readonly url: string;
  /** What arrived since the last call, as `GET /fhir/Patient`. */
  lines(): readonly string[];
  /** What arrived since the last call. */
  taken(): readonly RecordedRequest[];
  /** Where to hand requests on. */
  handTo(baseUrl: string): void;
  close(): Promise<void>;
}

/** Starts one; requests are answered once it knows where to hand them on. */
export async function startRecordingProxy(): Promise<RecordingProxy> {
  let target = '';
  let recorded: RecordedRequest[] = [];
  const server = createServer((request, response) => {
    void handOn(request, response, target, (seen) => recorded.push(seen));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const taken = () => {
    const all = recorded;
    recorded = [];
    return all;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    taken,
    lines: () => taken().map(({ method, url }) => `${method} ${url}`),
    handTo: (baseUrl) => {
      target = baseUrl;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function handOn(
  request: IncomingMessage,
  response: ServerResponse,
  target: string,
  record: (seen: RecordedRequest) => void,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const { method = '', url = '', headers } = request;
  // Before it is answered, so that whoever reads the answer finds it.
  record({ method, url, headers, body: body.toString() });
  const whole = { ...headers, 'content-length': String(body.length) };
  delete whole['transfer-encoding'];
  const onward = send(`${target}${url}`, { method, headers: whole }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  onward.end(body);
}
