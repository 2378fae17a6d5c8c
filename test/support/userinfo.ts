import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A userinfo endpoint on loopback that answers what a test wants about the subject of the token. */
export interface Userinfo {
  readonly url: string;
  /** What it answers, and when; `sub` is that of the token unless the body names one. */
  answer: { readonly status?: number; readonly body: object; readonly after?: Promise<unknown> };
  /** The subjects it was asked about, in order. */
  asked: string[];
  stop(): Promise<void>;
}

/** Starts the endpoint; it reads tokens and does not verify them. */
export async function startUserinfo(): Promise<Userinfo> {
  const server = createServer((request, response) => {
    const [, payload = ''] = (request.headers.authorization ?? '').split('.');
    const { sub } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { sub: string };
    userinfo.asked.push(sub);
    const { status = 200, body, after } = userinfo.answer;
    void Promise.resolve(after).then(() => {
      response.writeHead(status).end(JSON.stringify({ sub, ...body }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const userinfo: Userinfo = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/userinfo`,
    answer: { body: {} },
    asked: [],
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return userinfo;
}
