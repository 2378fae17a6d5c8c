import { Readable } from 'node:stream';
import { upstreamError } from '../upstream/failures.js';

/** Bytes that are gathered before an answer begins: what fails among them can still be said. */
const GATHERED_BYTES = 16_384;

/** Bytes of an answer, in parts. */
export type Parts = AsyncIterator<Uint8Array, unknown, undefined>;

/**
 * The content of an answer: all of it where it is short, else a stream that reads on as it is read.
 *
 * @param parts read at the pace at which the stream is
 * @param stallMs milliseconds after which a reader that takes nothing ends the stream
 * @throws FhirError 502 or 504 where the parts break off before the answer begins
 */
export async function contentOf(parts: Parts, stallMs: number): Promise<Uint8Array | Readable> {
  const gathered: Uint8Array[] = [];
  let bytes = 0;
  while (bytes < GATHERED_BYTES) {
    const part = await parts.next().catch(brokenOff);
    if (part.done) return Buffer.concat(gathered);
    gathered.push(part.value);
    bytes += part.value.length;
  }
  return new Content(Buffer.concat(gathered), parts, stallMs);
}

function brokenOff(cause: unknown): never {
  throw upstreamError(cause);
}

/** The reader of an answer takes nothing of it any more. */
class ReaderStalled extends Error {}

/** An answer that goes on while it is read. */
class Content extends Readable {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    beginning: Uint8Array,
    private readonly parts: Parts,
    private readonly stallMs: number,
  ) {
    super();
    this.offer(beginning);
  }

  override _read(): void {
    clearTimeout(this.timer);
    this.parts.next().then(
      (part) => {
        if (part.done) this.push(null);
        else this.offer(part.value);
      },
      (error: unknown) => {
        this.destroy(error instanceof Error ? error : new Error(String(error)));
      },
    );
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    clearTimeout(this.timer);
    callback(error);
  }

  private offer(part: Uint8Array): void {
    // An empty part would not be read, and nothing be asked for after it.
    if (part.length === 0) this._read();
    else if (!this.push(part)) this.watchReader();
  }

  private watchReader(): void {
    this.timer = setTimeout(() => {
      this.destroy(new ReaderStalled('The client takes nothing of the answer'));
    }, this.stallMs);
    this.timer.unref();
  }
}
