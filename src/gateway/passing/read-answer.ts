import { FhirError } from '../../errors/fhir-error.js';
import type { Answer } from '../../interactions/http/answer.js';
import { UpstreamFailed } from '../upstream/upstream-errors.js';

/** What is written as YAML takes many times its memory. */
const MAX_BYTES = 4_194_304;

/** An answer that is too large for a format in which it cannot be handed on as it comes: 406. */
class TooLargeForFormat extends FhirError {
  readonly status = 406;

  constructor() {
    super([{ code: 'too-long', diagnostics: 'The answer is too large for YAML; ask for JSON' }]);
  }
}

/**
 * An answer with its content as a text, to be written in another format.
 *
 * @throws FhirError 406 beyond 4 MiB, 502 where the content breaks off or is no JSON
 */
export async function readAnswer(answer: Answer): Promise<Answer> {
  const { content, ...rest } = answer;
  if (content === undefined) return answer;
  const text = (
    content instanceof Uint8Array ? Buffer.from(content) : await readAll(content)
  ).toString();
  try {
    JSON.parse(text);
  } catch (error) {
    throw new UpstreamFailed('The answer of the FHIR server behind this one is no JSON', error);
  }
  return { ...rest, text };
}

async function readAll(content: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of content as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      // Leaving the loop destroys the stream.
      if (bytes > MAX_BYTES) throw new TooLargeForFormat();
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof FhirError) throw error;
    throw new UpstreamFailed('The answer of the FHIR server behind this one broke off', error);
  }
  return Buffer.concat(chunks);
}
