import { checkOf } from '../checking/check-of.js';
import type { ExpectedAnswer } from '../checking/expected-answer.js';
import { ResponseCheck } from '../checking/response-check.js';
import type { SelfLinkTrust } from '../checking/self-link.js';
import { UNCHECKED, type AnswerCheck } from '../rewriting/answer-check.js';
import { RESOURCE } from '../rewriting/bundle-places.js';
import { JsonRewriter } from '../rewriting/json-rewriter.js';
import type { UpstreamAnswer } from '../upstream/upstream.js';
import { UpstreamFailed } from '../upstream/upstream-errors.js';
import { codingOf } from './answer-headers.js';
import { checkedCoding } from './checked-coding.js';
import type { Parts } from './content.js';
import type { AnswerRoom } from './held-room.js';
import type { EntryStage, LineStage, PassOptions } from './pass-options.js';
import { slicedParts, type HeldParts } from './sliced-parts.js';

/** What the reading of an answer goes by. */
interface Reading {
  readonly trust: SelfLinkTrust;
  /** Of this answer. */
  readonly room: Pick<AnswerRoom, 'claim'>;
}

/**
 * The content of an answer as it goes on, read on its way as far as the options want it.
 *
 * @throws UpstreamFailed 502 for a coding in which it cannot be
 */
export function readParts(
  { status, body, headers }: UpstreamAnswer,
  options: PassOptions,
  { trust, room }: Reading,
): Parts {
  const chunks = body[Symbol.asyncIterator]() as Parts;
  // What refuses a request has nothing of what was asked for.
  if (!options.places && options.expected && status < 300) {
    const check = checkOf(options.expected, trust);
    return slicedParts(checkedResource(chunks, check, headers), room);
  }
  const read = readingOf(status, options, { trust, room });
  if (!read) return chunks;
  if (codingOf(headers) === undefined) return read(chunks);
  throw new UpstreamFailed('The FHIR server behind this one encodes what must be read here');
}

/** How the content is read on its way; undefined where it is data. */
function readingOf(
  status: number,
  options: PassOptions,
  { trust, room }: Reading,
): ((chunks: Parts) => Parts) | undefined {
  if (!options.places) {
    const { lines } = options;
    if (!lines || status >= 300) return undefined;
    return (chunks) => slicedParts(checkedLines(chunks, lines), room);
  }
  const { links, places, entries, expected } = options;
  const check = status < 300 && expected ? bundleCheck(expected, trust) : UNCHECKED;
  const rewriter = new JsonRewriter(places, (kind, url) => links[kind](url), check);
  // The answer to a Bundle that was refused has no entries.
  const stage = status === 200 ? entries : undefined;
  return (chunks) => slicedParts(rewritten(chunks, rewriter, stage), room);
}

function bundleCheck(
  expected: ExpectedAnswer | (() => ExpectedAnswer),
  trust: SelfLinkTrust,
): AnswerCheck {
  return typeof expected === 'function'
    ? new ResponseCheck(expected, trust)
    : checkOf(expected, trust);
}

/** One resource, which passes byte for byte once it is known to be the one. */
function checkedResource(
  chunks: Parts,
  check: AnswerCheck,
  headers: UpstreamAnswer['headers'],
): HeldParts {
  const reader = new JsonRewriter(RESOURCE, (_kind, url) => url, check);
  const coding = codingOf(headers);
  if (coding !== undefined) return checkedCoding(chunks, coding, reader, check);
  let isEmpty = true;
  return {
    get heldBytes() {
      return reader.heldBytes;
    },
    next: async () => {
      const chunk = await chunks.next();
      if (!chunk.done) {
        isEmpty = false;
        return { done: false, value: reader.write(chunk.value) };
      }
      // Writes are answered so, too (FHIR R4, RESTful API §3.1.0.1.8).
      if (!isEmpty) reader.end();
      return chunk;
    },
  };
}

function checkedLines(chunks: Parts, lines: LineStage): HeldParts {
  let isOver = false;
  return {
    get heldBytes() {
      return lines.heldBytes;
    },
    next: async () => {
      if (isOver) return { done: true, value: undefined };
      const chunk = await chunks.next();
      isOver = chunk.done === true;
      return { done: false, value: chunk.done ? lines.end() : lines.write(chunk.value) };
    },
  };
}

function rewritten(chunks: Parts, rewriter: JsonRewriter, entries?: EntryStage): HeldParts {
  const rewrite = (chunk: Uint8Array): Uint8Array => {
    if (!entries) return rewriter.write(chunk);
    const parts: Uint8Array[] = [];
    for (const part of entries.split(chunk)) parts.push(rewriter.write(part));
    return Buffer.concat(parts);
  };
  return {
    get heldBytes() {
      return rewriter.heldBytes;
    },
    next: async () => {
      const chunk = await chunks.next();
      if (!chunk.done) return { done: false, value: rewrite(chunk.value) };
      entries?.end();
      rewriter.end();
      return chunk;
    },
  };
}
