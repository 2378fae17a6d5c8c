import { isJsonObject, type Json, type JsonObject } from '../../interactions/formats/json.js';
import { upstreamError } from './failures.js';
import type { UpstreamAnswer } from './upstream.js';
import { UpstreamFailed } from './upstream-errors.js';

/**
 * A resource that the gateway reads for itself.
 *
 * @throws UpstreamFailed 502 where it is larger than the limit or no JSON object; 504 where it stalls
 */
export async function readJson(answer: UpstreamAnswer, maxBytes: number): Promise<JsonObject> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      // Leaving the loop destroys the stream.
      if (bytes > maxBytes) throw new UpstreamFailed('An answer of the upstream is too large');
      chunks.push(chunk);
    }
    const value = JSON.parse(Buffer.concat(chunks).toString()) as Json;
    if (isJsonObject(value)) return value;
  } catch (error) {
    throw upstreamError(error);
  }
  throw new UpstreamFailed('An answer of the upstream is no JSON object');
}
