import { Readable } from 'node:stream';
import { LARGEST_RESOURCE_BYTES } from '../upstream/largest-resource.js';
import { lookedUp } from './lookup-answer.js';

/** An answer of so many bytes. */
function answerOf(bytes: number) {
  const text = Buffer.from(`{"data":"${'x'.repeat(bytes - 11)}"}`);
  return { status: 200, headers: {}, body: Readable.from([text]) };
}

describe('lookedUp', () => {
  it('reads whatever may be written, and what a server adds', async () => {
    await expect(lookedUp(answerOf(LARGEST_RESOURCE_BYTES))).resolves.toHaveProperty('data');
    await expect(lookedUp(answerOf(LARGEST_RESOURCE_BYTES + 1))).rejects.toMatchObject({
      status: 502,
    });
  });
});
