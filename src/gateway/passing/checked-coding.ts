import { once } from 'node:events';
import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { AnswerCheck } from '../rewriting/answer-check.js';
import { HeldOutput } from '../rewriting/held-output.js';
import { UpstreamFailed } from '../upstream/upstream-errors.js';
import type { ContentCoding } from './accepted-codings.js';
import type { Parts } from './content.js';
import type { HeldParts } from './sliced-parts.js';

const DECODERS: Readonly<Record<ContentCoding, () => Transform>> = {
  br: createBrotliDecompress,
  deflate: createInflate,
  gzip: createGunzip,
};

/** Bytes that are kept, encoded, without asking the check whether it wants so many. */
const MAX_HELD_BYTES = 1_048_576;

/** What reads the decoded content, and tells a check of it. */
export interface DecodedReader {
  write(chunk: Uint8Array): unknown;
  end(): void;
}

/**
 * Encoded parts as they come, each once a check lets it go that reads them decoded, a slice at a time.
 *
 * @param check whom the reader tells
 */
export function checkedCoding(
  chunks: Parts,
  coding: ContentCoding,
  reader: DecodedReader,
  check: Pick<AnswerCheck, 'isHeld' | 'overflow'>,
): HeldParts {
  const decoding = new Decoding(DECODERS[coding](), reader);
  const output = new HeldOutput();
  // Nothing is known before something is decoded.
  output.hold(true);
  let isOver = false;
  return {
    get heldBytes() {
      return output.heldBytes;
    },
    next: async () => {
      if (isOver) return { done: true, value: undefined };
      const chunk = await chunks.next();
      if (chunk.done) {
        isOver = true;
        await decoding.end();
        output.hold(false);
      } else {
        output.add(chunk.value);
        await decoding.write(chunk.value);
        if (output.heldBytes > MAX_HELD_BYTES) check.overflow(output.heldBytes);
        output.hold(check.isHeld);
      }
      return { done: false, value: output.take() };
    },
  };
}

/** Decodes a stream and has it read; whatever the reader throws fails the next step. */
class Decoding {
  private failure: Error | undefined;

  constructor(
    private readonly decoder: Transform,
    private readonly reader: DecodedReader,
  ) {
    decoder.on('data', (slice: Uint8Array) => {
      this.read(slice);
    });
    decoder.on('error', (error) => {
      this.failure ??= new UpstreamFailed(
        'The FHIR server behind this one encodes its answer in a way that cannot be read',
        error,
      );
    });
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.assertSound();
    await new Promise<void>((resolve) => {
      this.decoder.once('close', resolve);
      this.decoder.write(chunk, () => {
        this.decoder.off('close', resolve);
        resolve();
      });
    });
    this.assertSound();
  }

  async end(): Promise<void> {
    this.assertSound();
    const over = once(this.decoder, 'close');
    this.decoder.end();
    await over.catch(() => undefined);
    this.assertSound();
    this.reader.end();
  }

  private read(slice: Uint8Array): void {
    if (this.failure) return;
    try {
      this.reader.write(slice);
    } catch (error) {
      this.failure = error instanceof Error ? error : new Error(String(error));
      this.decoder.destroy();
    }
  }

  private assertSound(): void {
    if (this.failure) throw this.failure;
  }
}
