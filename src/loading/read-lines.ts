import { createReadStream } from 'node:fs';

/** One line of a file. */
export interface Line {
  /** From 1. */
  readonly number: number;
  /** Without its end; `undefined` when it is too long, or no UTF-8. */
  readonly text: string | undefined;
  /** Its bytes in the file, its end included. */
  readonly bytes: number;
}

const LINE_FEED = 0x0a;

/**
 * The lines of a file, one at a time, in memory that the longest one bounds.
 *
 * @param maxBytes of a line; a longer one is passed over and said to be
 */
export async function* readLines(path: string, maxBytes: number): AsyncGenerator<Line> {
  let number = 1;
  let bytes = 0;
  let parts: Buffer[] = [];
  const finish = (): Line => {
    const line = { number, bytes, text: bytes > maxBytes ? undefined : decoded(parts) };
    number += 1;
    bytes = 0;
    parts = [];
    return line;
  };
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, from)) {
      bytes += end + 1 - from;
      if (bytes <= maxBytes) parts.push(chunk.subarray(from, end));
      yield finish();
      from = end + 1;
    }
    bytes += chunk.length - from;
    if (bytes <= maxBytes) parts.push(chunk.subarray(from));
    else parts = [];
  }
  if (bytes > 0) yield finish();
}

function decoded(parts: readonly Buffer[]): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts));
  } catch {
    return undefined;
  }
}
