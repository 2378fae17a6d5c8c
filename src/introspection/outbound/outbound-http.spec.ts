import {
  createServer,
  type IncomingHttpHeaders,
  type RequestListener,
  type Server,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { TestIntrospectionSettings } from '../../../test/support/introspection-fixture.js';
import type { Resolve } from './guarded-lookup.js';
import { OutboundFailure } from './outbound-failure.js';
import { OutboundHttp } from './outbound-http.js';

/** Every name resolves to loopback. */
class ReboundHttp extends OutboundHttp {
  protected override readonly resolve: Resolve = (_hostname, _options, callback) =>
    callback(null, [{ address: '127.0.0.1', family: 4 }]);
}

let server: Server;
let port: number;
let answer: RequestListener;
let http: OutboundHttp;

// Of each test alone, because failures add up.
beforeEach(() => {
  http = new OutboundHttp(new TestIntrospectionSettings());
});
afterEach(async () => {
  await http.onModuleDestroy();
});

beforeAll(async () => {
  server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function url(host = '127.0.0.1'): string {
  return `http://${host}:${port}/userinfo`;
}

describe('getJson', () => {
  it('sends the headers it is given and reads an object', async () => {
    let headers: IncomingHttpHeaders = {};
    answer = (request, response) => {
      headers = request.headers;
      response.end('{"sub":"ada"}');
    };

    await expect(http.getJson(url(), { headers: { authorization: 'Bearer t' } })).resolves.toEqual({
      sub: 'ada',
    });
    expect(headers).toMatchObject({
      ...{ authorization: 'Bearer t', accept: 'application/json' },
      'accept-encoding': 'identity',
    });
  });

  it('calls localhost by name', async () => {
    answer = (_request, response) => response.end('{}');

    await expect(http.getJson(url('localhost'))).resolves.toEqual({});
  });

  it('tells what time the other side has, whatever it answers', async () => {
    const seen: number[] = [];
    answer = (_request, response) =>
      response.writeHead(500, { date: 'Thu, 01 Jan 2026 00:00:00 GMT' }).end();
    const call = http.getJson(url(), { onDate: (atMs) => seen.push(atMs) });

    await expect(call).rejects.toThrow(OutboundFailure);
    expect(seen).toEqual([Date.parse('2026-01-01T00:00:00Z')]);
  });

  it('tells no time where the other side tells none', async () => {
    const seen: number[] = [];
    answer = (_request, response) => {
      response.sendDate = false;
      response.end('{}');
    };
    await http.getJson(url(), { onDate: (atMs) => seen.push(atMs) });

    expect(seen).toEqual([]);
  });

  it.each([
    ['a list', '[]'],
    ['no JSON', '<html>'],
    ['nothing', ''],
    ['a member given twice', '{"sub":"a","sub":"b"}'],
    ['too many levels', `{"a":${'['.repeat(40)}${']'.repeat(40)}}`],
    ['more than 1 MiB', JSON.stringify({ a: 'x'.repeat(1_048_576) })],
  ])('fails on %s', async (_what, body) => {
    answer = (_request, response) => response.end(body);

    await expect(http.getJson(url())).rejects.toThrow(OutboundFailure);
  });

  it('reads an answer of 1 MiB', async () => {
    const body = { a: 'x'.repeat(1_048_576 - '{"a":""}'.length) };
    answer = (_request, response) => response.end(JSON.stringify(body));

    await expect(http.getJson(url())).resolves.toEqual(body);
  });

  it('fails on an endless answer, at the latest at its deadline', async () => {
    answer = (_request, response) => {
      response.write('{"a":"');
      const timer = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(timer));
    };

    await expect(http.getJson(url())).rejects.toThrow(OutboundFailure);
  });

  it.each([201, 204, 401, 404, 500])('fails on status %i and tells it', async (status) => {
    answer = (_request, response) => response.writeHead(status).end(status === 204 ? '' : '{}');

    await expect(http.getJson(url())).rejects.toMatchObject({ status });
  });

  it('follows no redirect', async () => {
    const paths: (string | undefined)[] = [];
    answer = (request, response) => {
      paths.push(request.url);
      response.writeHead(307, { location: '/elsewhere' }).end();
    };

    await expect(http.getJson(url())).rejects.toMatchObject({ status: 307 });
    expect(paths).toEqual(['/userinfo']);
  });

  it('fails where nobody listens, and says so without the URL', async () => {
    await expect(http.getJson('http://127.0.0.1:1/')).rejects.toThrow('The call failed');
  });

  it('does not connect to a name that resolves to an address it may not call', async () => {
    let connections = 0;
    server.on('connection', () => (connections += 1));
    const rebound = new ReboundHttp(new TestIntrospectionSettings());

    await expect(rebound.getJson(`https://auth.example.com:${port}/`)).rejects.toMatchObject({
      reason: 'refused',
      cause: { message: 'The name resolves to an address that may not be called' },
    });
    expect(connections).toBe(0);
    await rebound.onModuleDestroy();
  });

  it('connects to it where the host is allowed', async () => {
    answer = (_request, response) => response.end('{}');
    const allowed = new TestIntrospectionSettings({ allowedHosts: ['auth.example.com'] });
    const rebound = new ReboundHttp(allowed);

    await expect(rebound.getJson(url('auth.example.com'))).resolves.toEqual({});
    await rebound.onModuleDestroy();
  });

  it('does not even try a URL that it refuses', async () => {
    let calls = 0;
    answer = (_request, response) => {
      calls += 1;
      response.end('{}');
    };
    const refused = new OutboundHttp(new TestIntrospectionSettings({ allowedHosts: ['*'] }));

    await expect(refused.getJson(`http://0.0.0.0:${port}/`)).rejects.toMatchObject({
      message: expect.stringContaining('The URL is refused'),
      reason: 'refused',
    });
    expect(calls).toBe(0);
  });
});

describe('postForm', () => {
  it('sends a form with the headers it is given and reads an object', async () => {
    let seen: unknown;
    answer = (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { authorization, accept, 'content-type': type } = request.headers;
        const body = Buffer.concat(chunks).toString();
        seen = { method: request.method, authorization, accept, type, body };
        response.end('{"active":true}');
      });
    };
    const form = { token: 'a&b=c d', token_type_hint: 'access_token' };

    await expect(
      http.postForm(url(), { form, headers: { authorization: 'Basic c' } }),
    ).resolves.toEqual({ active: true });
    expect(seen).toEqual({
      method: 'POST',
      authorization: 'Basic c',
      accept: 'application/json',
      type: 'application/x-www-form-urlencoded',
      body: 'token=a%26b%3Dc+d&token_type_hint=access_token',
    });
  });

  it.each([204, 302, 401, 503])('fails on status %i and tells it', async (status) => {
    answer = (_request, response) => response.writeHead(status).end();

    await expect(http.postForm(url(), { form: {} })).rejects.toMatchObject({ status });
  });

  it('fails on more than 1 MiB and on what is no object', async () => {
    answer = (_request, response) => response.end(JSON.stringify({ a: 'x'.repeat(1_048_576) }));
    await expect(http.postForm(url(), { form: {} })).rejects.toThrow('larger than 1 MiB');
    answer = (_request, response) => response.end('true');
    await expect(http.postForm(url(), { form: {} })).rejects.toThrow(OutboundFailure);
  });

  it('does not even try a URL that it refuses', async () => {
    await expect(http.postForm('http://10.0.0.1/', { form: {} })).rejects.toThrow('is refused');
  });
});
