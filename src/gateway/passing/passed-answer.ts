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
  | {
      readonly links: Pick<LinkRewriter, 'location' | 'resource'>;
      readonly places?: undefined;
      /** What a file with a resource on each line goes through, instead of an answer in JSON. */
      readonly lines?: LineStage;
    }
  | {
      readonly links: LinkRewriter;
      readonly places: Place;
      /** Follows the entries of what answers a batch or transaction, and puts in further ones. */
      readonly entries?: EntryStage;
    };

/** What a file goes through; what it throws ends it. */
export interface LineStage {
  /** The bytes to go on with. */
  write(chunk: Uint8Array): Uint8Array;
  /** The rest. */
  end(): Uint8Array;
}

/** What the content of an answer goes through before its links are rewritten. */
export interface EntryStage {
  /** The bytes to go on with; a part is to be used up before the next is asked for. */
  split(chunk: Uint8Array): Iterable<Uint8Array>;
  /** @throws UpstreamFailed 502 where something lacks when the content has ended */
  end(): void;
}

/**
 * An answer of the upstream as one of Wardgate; its body is handed on as it comes.
 *
 * @param stallMs milliseconds after which a client that takes nothing of it ends it
 * @throws FhirError 502 for a redirect, for what is no JSON, for an answer to a Bundle that succeeds and is
 * none, and where the body breaks off at its beginning; 501 and 503 where the upstream says so
 */
export async function passedAnswer(
  answer: UpstreamAnswer,
  options: PassOptions,
  stallMs: number,
): Promise<Answer> {
  const { status, body } = answer;
  try {
    const lines = options.places ? undefined : options.lines;
    assertPassable(answer, lines ? 'lines' : 'json');
    if (options.places && options.entries) assertEntries(answer);
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

/** Without entries there is no place for those that were answered here (FHIR R4, RESTful API §3.1.0.11.3). */
function assertEntries(answer: UpstreamAnswer): void {
  const { status } = answer;
  if (status >= 400 || (status === 200 && !isWithoutBody(answer))) return;
  throw new UpstreamFailed('The FHIR server behind this one answers a Bundle with something else');
}

function partsOf({ status, body, headers }: UpstreamAnswer, options: PassOptions): Parts {
  const chunks = body[Symbol.asyncIterator]() as Parts;
  const read = readingOf(status, options);
  if (!read) return chunks;
  if (codingOf(headers) === undefined) return read(chunks);
  throw new UpstreamFailed('The FHIR server behind this one encodes what must be read here');
}

/** How the content is read on its way; undefined where it is data. */
function readingOf(status: number, options: PassOptions): ((chunks: Parts) => Parts) | undefined {
  if (!options.places) {
    const { lines } = options;
    return lines && status < 300 ? (chunks) => checked(chunks, lines) : undefined;
  }
  const { links, places, entries } = options;
  const rewriter = new JsonRewriter(places, (kind, url) => links[kind](url));
  // The answer to a Bundle that was refused has no entries.
  return (chunks) => rewritten(chunks, rewriter, status === 200 ? entries : undefined);
}

async function* checked(chunks: Parts, lines: LineStage): AsyncGenerator<Uint8Array, undefined> {
  for await (const chunk of { [Symbol.asyncIterator]: () => chunks }) yield lines.write(chunk);
  yield lines.end();
  return undefined;
}

function rewritten(chunks: Parts, rewriter: JsonRewriter, entries?: EntryStage): Parts {
  const rewrite = (chunk: Uint8Array): Uint8Array => {
    if (!entries) return rewriter.write(chunk);
    const parts: Uint8Array[] = [];
    for (const part of entries.split(chunk)) parts.push(rewriter.write(part));
    return Buffer.concat(parts);
  };
  return {
    next: async () => {
      const chunk = await chunks.next();
      if (!chunk.done) return { done: false, value: rewrite(chunk.value) };
      entries?.end();
      rewriter.end();
      return chunk;
    },
  };
}
