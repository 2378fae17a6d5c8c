import { connect } from 'node:net';

/** One answer, header names in lower case and every value of a repeated one. */
export interface RawReply {
  readonly status: number;
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly text: string;
}

/** What a message is made of; nothing is added to it but `Host` and `Connection: close`. */
export interface RawRequest {
  readonly method?: string;
  /** The request target, as it is. */
  readonly target?: string;
  /** Names and values, repeated ones repeatedly. */
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: string | Uint8Array;
}

/** Writes a request without normalising anything; `Content-Length` is added where there is a body. */
export function rawMessage({ method, target, headers = [], body }: RawRequest): Uint8Array {
  const bytes = Buffer.from(body ?? '');
  const length = body === undefined ? [] : [['Content-Length', String(bytes.length)] as const];
  const lines = [['Host', 'wardgate'] as const, ...headers, ...length, ['Connection', 'close']];
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const start = `${method ?? 'GET'} ${target ?? '/'} HTTP/1.1\r\n`;
  return Buffer.concat([Buffer.from(`${start}${head}\r\n`, 'latin1'), bytes]);
}

/** Sends bytes on a connection of their own; resolves with every answer once the server has closed it. */
export async function exchange(
  baseUrl: string,
  message: string | Uint8Array,
): Promise<readonly RawReply[]> {
  const { hostname, port } = new URL(baseUrl);
  const received = await new Promise<Buffer>((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(port), hostname);
    socket.setTimeout(10_000, () => {
      socket.destroy(new Error('The server kept the connection open'));
    });
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // A server that refuses to read the rest of a request may reset the connection.
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
    });
    socket.on('close', () => {
      resolve(Buffer.concat(chunks));
    });
    socket.write(message);
  });
  return repliesIn(received);
}

/** Sends one request that must be answered once. */
export async function rawCall(baseUrl: string, request: RawRequest): Promise<RawReply> {
  const replies = await exchange(baseUrl, rawMessage(request));
  const [reply] = replies;
  if (!reply || replies.length > 1) throw new Error(`${replies.length} answers to one request`);
  return reply;
}

function repliesIn(received: Buffer): RawReply[] {
  const end = received.indexOf('\r\n\r\n');
  if (end < 0) return [];
  const [statusLine = '', ...lines] = received.subarray(0, end).toString('latin1').split('\r\n');
  const headers = new Map<string, string[]>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).trim()]);
  }
  const status = Number(statusLine.split(' ')[1]);
  const bodyAt = end + 4;
  if (status < 200) return [...repliesIn(received.subarray(bodyAt))];
  const bodyEnd = bodyAt + Number(headers.get('content-length')?.[0] ?? 0);
  const text = received.subarray(bodyAt, bodyEnd).toString();
  return [{ status, headers, text }, ...repliesIn(received.subarray(bodyEnd))];
}
