import { OutboundFailure } from './outbound-failure.js';

const MAX_ANSWER_BYTES = 1_048_576;

/**
 * Reads a body of at most 1 MiB.
 *
 * @throws OutboundFailure when it is larger; the rest is not read.
 */
export async function boundedBody(body: AsyncIterable<Buffer>): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    // Leaving the loop destroys the stream, and the connection with it.
    if (bytes > MAX_ANSWER_BYTES) throw new OutboundFailure('The answer is larger than 1 MiB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
