import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { chunked } from '../../../test/support/chunked-json.js';
import { FileLines } from '../exports/file-lines.js';
import { ResourceLine } from '../exports/resource-line.js';
import { BUNDLE, RESPONSE_BUNDLE } from '../rewriting/bundle-places.js';
import { HeldRoom } from './held-room.js';
import type { PassOptions } from './pass-options.js';
import { passedAnswer } from './passed-answer.js';

const links = { resource: (url: string) => url, page: (url: string) => url };
const RULES = { bodyTimeoutMs: 60_000, selfLink: 'required' } as const;
const FAILURE = '{"resourceType":"OperationOutcome","issue":[{"diagnostics":"ORA-1 at 10.0.0.7"}]}';

const NDJSON = 'application/fhir+ndjson';

/** Of chunks, as they come from the network. */
const SIZES = Array.from({ length: 64 }, () => 65_536);

function pass(
  status: number,
  text: string | Buffer,
  headers: Record<string, string> = {},
  options: PassOptions = { links },
  room = new HeldRoom().open('a'),
) {
  const body = Readable.from(chunked(typeof text === 'string' ? Buffer.from(text) : text, SIZES));
  const type = { 'content-type': 'application/fhir+json' };
  return passedAnswer({ status, headers: { ...type, ...headers }, body }, options, {
    ...RULES,
    room,
  });
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

describe('large answers', () => {
  const MIB = 1_048_576;
  const search = {
    links,
    places: BUNDLE,
    expected: { kind: 'searchset', types: ['Binary'] },
  } as const;
  /** A page whose one resource says last what it is. */
  const page = (type = 'Binary') =>
    `{"resourceType":"Bundle","type":"searchset","entry":[{"resource":{"data":"${'x'.repeat(2 * MIB)}","resourceType":"${type}"}}]}`;
  const ask = (held: HeldRoom, text = page(), caller = 'a') =>
    pass(200, text, {}, search, held.open(caller));
  const roomOf = (mib: number) => new HeldRoom({ total: mib * MIB, perCaller: mib * MIB });

  it('are refused while others take up all that they may, and pass when those are over', async () => {
    const held = roomOf(3);
    const { content } = await ask(held);

    const refused = await refusal(ask(held));
    expect(refused).toMatchObject({ status: 503, issues: [{ code: 'throttled' }] });
    (content as Readable).destroy();
    await new Promise((resolve) => (content as Readable).once('close', resolve));
    const again = await ask(held);
    const parts: Buffer[] = [];
    for await (const part of again.content as Readable) parts.push(part as Buffer);
    expect(Buffer.concat(parts).toString() === page()).toBe(true);
  });

  it('take up what they had until their reader has it, slice by slice', async () => {
    const held = roomOf(3);
    const { content } = await ask(held);
    const parts = (content as Readable).iterator() as AsyncIterator<Buffer, Buffer>;

    let bytes = (await parts.next()).value.length;
    expect((await refusal(ask(held))).status).toBe(503);
    while (bytes < 1.5 * MIB) bytes += (await parts.next()).value.length;
    expect((await ask(held)).status).toBe(200);
  });

  it('of one caller leave room to others', async () => {
    const held = new HeldRoom({ total: 6 * MIB, perCaller: 3 * MIB });
    await ask(held);

    expect((await refusal(ask(held))).status).toBe(503);
    expect((await ask(held, page(), 'b')).status).toBe(200);
  });

  it('take up nothing once they were refused', async () => {
    const held = roomOf(3);

    expect((await refusal(ask(held, page('Person')))).status).toBe(502);
    expect((await ask(held)).status).toBe(200);
  });

  const data = randomBytes(0.375 * MIB).toString('base64');
  const binary = `{"data":"${data}","resourceType":"Binary"}`;
  const expected = { kind: 'resource', type: 'Binary' } as const;
  const lines = () => new FileLines(() => new ResourceLine('Binary'));
  it.each<[string, () => PassOptions, string | Buffer, Record<string, string>]>([
    ['a page', () => search, page().replace(/x+/, data), {}],
    ['a resource', () => ({ links, expected }), binary, {}],
    [
      'an encoded resource',
      () => ({ links, expected }),
      gzipSync(binary),
      { 'content-encoding': 'gzip' },
    ],
    ['a file', () => ({ links, lines: lines() }), binary, { 'content-type': NDJSON }],
  ])('take up room where they are half a MiB that was kept: %s', async (_name, how, text, type) => {
    const held = roomOf(0.625);
    const ask = () => pass(200, text, type, how(), held.open('a'));
    const { content } = await ask();

    expect(await refusal(ask())).toMatchObject({ status: 503, issues: [{ code: 'throttled' }] });
    const parts: Buffer[] = [];
    for await (const part of content as Readable) parts.push(part as Buffer);
    expect(Buffer.concat(parts).toString('latin1').trim() === text.toString('latin1')).toBe(true);
    expect((await ask()).status).toBe(200);
  });
});
