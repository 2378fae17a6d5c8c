import { Readable } from 'node:stream';
import { upstreamError } from '../upstream/failures.js';
import { ReaderPace, type Pace } from './reader-pace.js';

/** Bytes that are gathered before an answer begins: what fails among them can still be said. */
const GATHERED_BYTES = 16_384;

/** Bytes of an answer, in parts. */
export type Parts = AsyncIterator<Uint8Array, unknown, undefined>;

/**
 * The content of an answer: all of it where it is short, else a stream that reads on as it is read.
 *
 * @param parts read at the pace at which the stream is
 * @param pace how slowly it may be read; slower readers end the stream
 * @throws FhirError 502 or 504 where the parts break off before the answer begins
 */
export async function contentOf(parts: Parts, pace: Pace): Promise<Uint8Array | Readable> {
  const gathered: Uint8Array[] = [];
  let bytes = 0;
  while (bytes < GATHERED_BYTES) {
    const part = await parts.next().catch(brokenOff);
    if (part.done) return Buffer.concat(gathered);
    gathered.push(part.value);
    bytes += part.value.length;
  }
  return new Content(Buffer.concat(gathered), parts, new ReaderPace(pace));
}

function brokenOff(cause: unknown): never {
  throw upstreamError(cause);
}

/** The reader of an answer takes too little of it. */
class ReaderStalled extends Error {}

/** An answer that goes on while it is read. */
class Content extends Readable {
  private timer: NodeJS.Timeout | undefined;
  private waitingSince: number | undefined;
  private offered = 0;

  constructor(
    beginning: Uint8Array,
    private readonly parts: Parts,
    private readonly pace: ReaderPace,
  ) {
    super();
    // Whoever sends it learns of errors by a listener of its own. One that was given up before it was sent has
    // none, and an error that nobody hears of would end the process.
    this.on('error', () => undefined);
    this.offer(beginning);
  }

  override _read(): void {
    this.readerCame();
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
    this.offered += part.length;
    // An empty part would not be read, and nothing be asked for after it.
    if (part.length === 0) this._read();
    else if (!this.push(part)) this.awaitReader();
  }

  private awaitReader(): void {
    this.waitingSince = performance.now();
    this.timer = setTimeout(() => {
      this.destroy(new ReaderStalled('The client takes too little of the answer'));
    }, this.pace.patienceMs);
    this.timer.unref();
  }

  private readerCame(): void {
    clearTimeout(this.timer);
    const now = performance.now();
    this.pace.took(this.offered, now - (this.waitingSince ?? now));
    this.waitingSince = undefined;
    this.offered = 0;
  }
}
