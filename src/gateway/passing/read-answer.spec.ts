import { Readable } from 'node:stream';
import { readAnswer } from './read-answer.js';

const KIB_64 = 65_536;

/** An array of this many texts of 64 KiB. */
function* textOf(count: number): Generator<Buffer> {
  for (let at = 0; at < count; at += 1) {
    yield Buffer.from(`${at === 0 ? '[' : ','}"${'x'.repeat(KIB_64)}"`);
  }
  yield Buffer.from(']');
}
const streamOf = (count: number) => Readable.from(textOf(count), { objectMode: false });

async function bytesOf(content: AsyncIterable<unknown>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of content) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

describe('readAnswer', () => {
  it('has the text of what is short', async () => {
    const answer = await readAnswer({ status: 200, headers: {}, content: streamOf(1) });

    expect(answer.content).toBeUndefined();
    expect(answer.text).toBe(Buffer.concat([...textOf(1)]).toString());
  });

  it('does not refuse what has happened, but hands on what is long as it is', async () => {
    const { content, ...rest } = await readAnswer({
      status: 201,
      headers: { etag: 'W/"1"' },
      content: streamOf(32),
    });

    expect(rest).toEqual({ status: 201, headers: { etag: 'W/"1"' } });
    const bytes = await bytesOf(content as Readable);
    expect(bytes.equals(Buffer.concat([...textOf(32)]))).toBe(true);
  });

  it('ends the source of what nobody reads', async () => {
    const source = streamOf(32);
    const { content } = await readAnswer({ status: 200, headers: {}, content: source });

    (content as Readable).destroy();
    await new Promise((resolve) => source.once('close', resolve));

    expect(source.destroyed).toBe(true);
  });

  it('breaks off where the source does', async () => {
    const source = streamOf(32);
    const { content } = await readAnswer({ status: 200, headers: {}, content: source });

    source.destroy(new Error('gone'));

    await expect(bytesOf(content as Readable)).rejects.toThrow('gone');
  });

  it('is a 502 for what is no JSON', async () => {
    const content = Buffer.from('{');

    await expect(readAnswer({ status: 200, headers: {}, content })).rejects.toMatchObject({
      status: 502,
    });
  });
});
