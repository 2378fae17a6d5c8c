import { Readable } from 'node:stream';
import { RESPONSE_BUNDLE } from '../rewriting/bundle-places.js';
import type { PassOptions } from './pass-options.js';
import { passedAnswer } from './passed-answer.js';

const links = { resource: (url: string) => url, page: (url: string) => url };
const RULES = { bodyTimeoutMs: 1000, selfLink: 'required' } as const;
const FAILURE = '{"resourceType":"OperationOutcome","issue":[{"diagnostics":"ORA-1 at 10.0.0.7"}]}';

function pass(
  status: number,
  text: string,
  headers: Record<string, string> = {},
  options: PassOptions = { links },
) {
  const body = Readable.from(text === '' ? [] : [Buffer.from(text)]);
  const type = { 'content-type': 'application/fhir+json' };
  return passedAnswer({ status, headers: { ...type, ...headers }, body }, options, RULES);
}
const refusal = (passed: Promise<unknown>): Promise<{ status: number; message: string }> =>
  passed.then(
    () => {
      throw new Error('It passed');
    },
    (error: unknown) => error as { status: number; message: string },
  );

describe('a failure of the upstream', () => {
  it.each([
    [500, 502],
    [501, 501],
    [502, 502],
    [503, 503],
    [504, 502],
    [599, 502],
  ])('%i is %i in words of its own', async (status, told) => {
    const { message, ...error } = await refusal(pass(status, FAILURE));

    expect(error.status).toBe(told);
    expect(message).not.toContain('ORA');
    expect((await refusal(pass(status, '', { 'content-length': '0' }))).status).toBe(told);
  });

  it.each([
    ['7', '7'],
    ['0', '1'],
    ['99999', '86400'],
    ['Wed, 21 Oct 2026 07:28:00 GMT', '1'],
    [undefined, '1'],
  ])('says when to try again: %s is %s', async (given, told) => {
    const headers = given === undefined ? {} : { 'retry-after': given };
    const error = await refusal(pass(503, FAILURE, headers));

    expect(error).toMatchObject({ headers: { 'retry-after': told } });
  });

  it('is none where it refuses in JSON', async () => {
    expect(await pass(422, FAILURE)).toMatchObject({ status: 422, content: Buffer.from(FAILURE) });
  });
});

describe('the answer to a Bundle', () => {
  const bundle = { links, places: RESPONSE_BUNDLE };
  const options = (): PassOptions => ({
    ...bundle,
    entries: { split: (chunk: Uint8Array) => [chunk], end: () => undefined },
  });

  it.each([200, 400, 422])('passes with %i', async (status) => {
    expect((await pass(status, '{}', {}, options())).status).toBe(status);
  });

  it.each([201, 202, 207])(
    'is none with %i, which would leave denied entries out',
    async (status) => {
      expect((await refusal(pass(status, '{}', {}, options()))).status).toBe(502);
      expect((await pass(status, '{}', {}, bundle)).status).toBe(status);
    },
  );

  it('is none without a body', async () => {
    const empty = { 'content-length': '0' };

    expect((await refusal(pass(200, '', empty, options()))).status).toBe(502);
    expect((await refusal(pass(204, '', {}, options()))).status).toBe(502);
    expect((await pass(200, '', empty, bundle)).status).toBe(200);
  });
});
