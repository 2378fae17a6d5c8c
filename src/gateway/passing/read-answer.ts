import { Readable } from 'node:stream';
import { FhirError } from '../../errors/fhir-error.js';
import { MAX_SHORT_JSON } from '../../interactions/formats/short-json.js';
import type { Answer } from '../../interactions/http/answer.js';
import { UpstreamFailed } from '../upstream/upstream-errors.js';

/**
 * An answer with its content as a text, to be written in another format. What is too long for that stays as it
 * is: what asked for it may have had its effect, and must not be answered as refused; and JSON is YAML.
 * Failures are JSON whatever is asked for.
 *
 * @throws UpstreamFailed 502 where the content breaks off or is no JSON
 */
export async function readAnswer(answer: Answer): Promise<Answer> {
  const { content, ...rest } = answer;
  if (content === undefined || answer.status >= 400) return answer;
  const read = content instanceof Uint8Array ? Buffer.from(content) : await readShort(content);
  if (read instanceof Readable) return { ...rest, content: read };
  const text = read.toString();
  try {
    JSON.parse(text);
  } catch (error) {
    throw new UpstreamFailed('The answer of the FHIR server behind this one is no JSON', error);
  }
  return { ...rest, text };
}

/** All of it where it is short, else the whole again as a stream. */
async function readShort(content: Readable): Promise<Buffer | Readable> {
  const parts = content[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const chunks: Buffer[] = [];
  let bytes = 0;
  while (bytes <= MAX_SHORT_JSON) {
    const part = await parts.next().catch(brokenOff);
    if (part.done) return Buffer.concat(chunks);
    bytes += part.value.length;
    chunks.push(part.value);
  }
  const whole = Readable.from(rejoined(chunks, parts), { objectMode: false });
  content.once('error', (error) => whole.destroy(error));
  return whole.once('close', () => content.destroy());
}

async function* rejoined(
  beginning: readonly Buffer[],
  rest: AsyncIterator<Buffer>,
): AsyncGenerator<Buffer> {
  yield* beginning;
  yield* { [Symbol.asyncIterator]: () => rest };
}

function brokenOff(error: unknown): never {
  if (error instanceof FhirError) throw error;
  throw new UpstreamFailed('The answer of the FHIR server behind this one broke off', error);
}
