import { inspect } from 'node:util';
import { PinoLogger } from '../../src/logging/pino-logger.js';

/** Keeps everything that is logged, of every level and in full, instead of writing it. */
export class RecordingLogger extends PinoLogger {
  readonly lines: string[] = [];

  constructor() {
    super('fatal');
  }

  override log(...parts: readonly unknown[]): void {
    this.record(parts);
  }

  override error(...parts: readonly unknown[]): void {
    this.record(parts);
  }

  override warn(...parts: readonly unknown[]): void {
    this.record(parts);
  }

  override debug(...parts: readonly unknown[]): void {
    this.record(parts);
  }

  override verbose(...parts: readonly unknown[]): void {
    this.record(parts);
  }

  override fatal(...parts: readonly unknown[]): void {
    this.record(parts);
  }

  private record(parts: readonly unknown[]): void {
    this.lines.push(
      inspect(parts, { depth: Infinity, breakLength: Infinity, maxStringLength: Infinity }),
    );
  }
}
