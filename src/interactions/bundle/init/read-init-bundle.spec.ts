import { readInitBundle, type Fetch } from './read-init-bundle.js';

const URL_OF_BUNDLE = 'https://user:password@x.example/init.json';
const answering =
  (body: string | ReadableStream<Uint8Array> | null, status = 200): Fetch =>
  async () =>
    new Response(body, { status });

describe('readInitBundle', () => {
  it.each(['{"type":"batch"}', 'type: batch'])('reads %s from a URL', async (text) => {
    const { value } = await readInitBundle(URL_OF_BUNDLE, answering(text));

    expect(value).toEqual({ type: 'batch' });
  });

  it('follows no redirect and gives up in time', async () => {
    const seen: RequestInit[] = [];

    await readInitBundle(URL_OF_BUNDLE, async (_url, options) => {
      seen.push(options);
      return new Response('{}');
    });

    expect(seen).toEqual([{ redirect: 'error', signal: expect.any(AbortSignal) }]);
  });

  it.each([
    ['another status', answering('{}', 404), 'BOX_INIT_BUNDLE: the URL answers 404'],
    ['nothing', answering(null), 'BOX_INIT_BUNDLE: there is nothing in it'],
    ['no answer', () => Promise.reject(new Error(URL_OF_BUNDLE)), 'the URL cannot be fetched'],
  ])('refuses %s without showing the URL', async (_what, fetchUrl: Fetch, sentence) => {
    const failure: unknown = await readInitBundle(URL_OF_BUNDLE, fetchUrl).catch((e: unknown) => e);

    expect(String(failure)).toContain(sentence);
    expect(String(failure)).not.toContain('password');
  });

  it('stops reading beyond 256 MiB', async () => {
    const chunk = new Uint8Array(16 * 1024 * 1024);
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        sent += 1;
        controller.enqueue(chunk);
      },
    });

    await expect(readInitBundle(URL_OF_BUNDLE, answering(endless))).rejects.toThrow('bytes');
    expect(sent).toBeLessThan(20);
  });
});
