const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Most texts are over by then; a search of the runtime costs more than it saves. */
const NEAR_BYTES = 48;

/**
 * Where a JSON text is over, after its last quote; undefined where the chunk ends first. In long texts the
 * runtime's own search finds it.
 *
 * @param from where the text begins or goes on, after its first quote
 * @param isEscaped whether the part before ended with a backslash that escapes what follows
 */
export function endOfText(chunk: Buffer, from: number, isEscaped: boolean): number | undefined {
  const near = Math.min(from + NEAR_BYTES, chunk.length);
  let at = isEscaped ? from + 1 : from;
  for (; at < near; at += 1) {
    const byte = chunk[at];
    if (byte === QUOTE) return at + 1;
    if (byte === BACKSLASH) at += 1;
  }
  let quote = chunk.indexOf(QUOTE, at);
  while (quote >= 0) {
    if (!isEscapedAt(chunk, at, quote, false)) return quote + 1;
    quote = chunk.indexOf(QUOTE, quote + 1);
  }
  return undefined;
}

/** As {@link endOfText} of a short text without escapes that is whole; undefined for any other. */
export function endOfPlainText(chunk: Buffer, from: number): number | undefined {
  const near = Math.min(from + NEAR_BYTES, chunk.length);
  for (let at = from; at < near; at += 1) {
    const byte = chunk[at];
    if (byte === QUOTE) return at + 1;
    if (byte === BACKSLASH) return undefined;
  }
  return undefined;
}

/** Whether what stands at a place of a text is escaped: an odd number of backslashes is before it. */
export function isEscapedAt(chunk: Buffer, from: number, at: number, isEscaped: boolean): boolean {
  let before = at;
  while (before > from && chunk[before - 1] === BACKSLASH) before -= 1;
  const isOneMore = before === from && isEscaped;
  return (at - before + (isOneMore ? 1 : 0)) % 2 === 1;
}
