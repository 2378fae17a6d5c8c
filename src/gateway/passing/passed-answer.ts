import { Readable } from 'node:stream';
import type { Answer } from '../../interactions/http/answer.js';
import type { Place } from '../rewriting/bundle-places.js';
import { JsonRewriter } from '../rewriting/json-rewriter.js';
import type { LinkRewriter } from '../rewriting/link-rewriter.js';
import type { UpstreamAnswer } from '../upstream/upstream.js';
import { UpstreamFailed } from '../upstream/upstream-errors.js';
import { answerHeaders, assertPassable, codingOf, isWithoutBody } from './answer-headers.js';
import { contentOf, type Parts } from './content.js';

/**
 * How an answer is made Wardgate's own: the links of its headers are rewritten, and those of its body at
 * the given places; without places the body is data, and passes byte for byte.
 */
export type PassOptions =
  | { readonly links: Pick<LinkRewriter, 'resource'>; readonly places?: undefined }
  | { readonly links: LinkRewriter; readonly places: Place };

/**
 * An answer of the upstream as one of Wardgate; its body is handed on as it comes.
 *
 * @param stallMs milliseconds after which a client that takes nothing of it ends it
 * @throws FhirError 502 for a redirect, for what is no JSON, and where the body breaks off at its beginning
 */
export async function passedAnswer(
  answer: UpstreamAnswer,
  options: PassOptions,
  stallMs: number,
): Promise<Answer> {
  const { status, body } = answer;
  try {
    assertPassable(answer);
    const headers = answerHeaders(answer, options.links);
    if (isWithoutBody(answer)) {
      body.destroy();
      return { status, headers };
    }
    const content = await contentOf(partsOf(answer, options), stallMs);
    if (content instanceof Readable) content.once('close', () => body.destroy());
    else if (content.length === 0) return { status, headers };
    return { status, headers, content };
  } catch (error) {
    body.destroy();
    throw error;
  }
}

function partsOf({ body, headers }: UpstreamAnswer, options: PassOptions): Parts {
  const chunks = body[Symbol.asyncIterator]() as Parts;
  if (options.places === undefined) return chunks;
  if (codingOf(headers) !== undefined) {
    throw new UpstreamFailed('The FHIR server behind this one encodes what must be read here');
  }
  const { links, places } = options;
  const rewriter = new JsonRewriter(places, (kind, url) => links[kind](url));
  return rewritten(chunks, rewriter);
}

function rewritten(chunks: Parts, rewriter: JsonRewriter): Parts {
  return {
    next: async () => {
      const chunk = await chunks.next();
      if (!chunk.done) return { done: false, value: rewriter.write(chunk.value) };
      rewriter.end();
      return chunk;
    },
  };
}
