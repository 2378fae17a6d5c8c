/** A line of a file, as its parts come. */
export interface Line {
  /** Bytes of it that do not go on yet. */
  readonly heldBytes: number;
  /** The bytes of it that may go on so far. @throws where it must not */
  take(part: Buffer): Uint8Array;
  /** What is left of it. @throws where it must not go on */
  end(): Uint8Array;
}

const NEWLINE = 0x0a;
const END_OF_LINE = Buffer.from('\n');
const NOTHING = Buffer.alloc(0);

/** A file of lines (NDJSON) that comes in chunks; blank lines are left out. */
export class FileLines {
  private line: Line | undefined;

  /** @param begin what becomes of a line */
  constructor(private readonly begin: () => Line) {}

  /** Bytes that do not go on yet. */
  get heldBytes(): number {
    return this.line?.heldBytes ?? 0;
  }

  /** The bytes to go on with. @throws as {@link Line} does */
  write(chunk: Uint8Array): Buffer {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const passed: Uint8Array[] = [];
    let from = 0;
    while (from < bytes.length) {
      const newline = bytes.indexOf(NEWLINE, from);
      const end = newline < 0 ? bytes.length : newline;
      passed.push(this.take(bytes.subarray(from, end)));
      if (newline >= 0) passed.push(this.end());
      from = end + 1;
    }
    return Buffer.concat(passed);
  }

  /** The rest of the last line. @throws as {@link Line} does */
  end(): Buffer {
    if (!this.line) return NOTHING;
    const rest = this.line.end();
    this.line = undefined;
    return Buffer.concat([rest, END_OF_LINE]);
  }

  private take(part: Buffer): Uint8Array {
    if (!this.line && isBlank(part)) return NOTHING;
    this.line ??= this.begin();
    return this.line.take(part);
  }
}

function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}
