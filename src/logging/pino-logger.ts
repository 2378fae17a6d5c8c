import type { LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Level, type Logger } from 'pino';

/** Parts of the framework that tell every route and module at each start, which only its developers want. */
const CHATTY: ReadonlySet<unknown> = new Set([
  'InstanceLoader',
  'RouterExplorer',
  'RoutesResolver',
]);

/** A record a request is a write a request, which costs a fifth of a read; so they are written together. */
const BUFFER_BYTES = 16_000;
/** How long a record may wait, unless it is a warning or worse, which is written at once. */
const FLUSH_MS = 200;
const URGENT: ReadonlySet<Level> = new Set<Level>(['warn', 'error', 'fatal']);

/** Everything that Wardgate logs: one JSON object a line, on standard error. */
export class PinoLogger implements LoggerService {
  private readonly logger: Logger;
  private isFlushing = false;
  private isFlushWanted = false;

  constructor(level: Level, destination: DestinationStream = standardError()) {
    this.logger = pino({ level, base: null }, destination);
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.write(CHATTY.has(rest.at(-1)) ? 'debug' : 'info', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  /** Writes what is still buffered; to be called before the process ends. */
  flush(): Promise<void> {
    return new Promise((resolve) => {
      this.logger.flush(() => {
        resolve();
      });
    });
  }

  /** Nest passes the name of the logging class as the last argument, a stack before it. */
  private write(level: Level, message: unknown, rest: readonly unknown[]): void {
    const context = rest.at(-1);
    const details = rest.slice(0, -1).filter((detail) => detail !== undefined);
    const text = typeof message === 'string' ? message : details.find(isText);
    const fields = typeof message === 'object' && message !== null ? withErrors(message) : {};
    const stack = typeof message === 'string' ? details.find(isText) : undefined;
    this.logger[level]({ context, ...fields, ...(stack ? { stack } : {}) }, text);
    if (URGENT.has(level)) this.flushSoon();
  }

  /** One flush at a time: in an outage every request has a warning, and each flush has listeners. */
  private flushSoon(): void {
    this.isFlushWanted = true;
    if (this.isFlushing) return;
    this.isFlushing = true;
    this.isFlushWanted = false;
    this.logger.flush(() => {
      this.isFlushing = false;
      if (this.isFlushWanted) this.flushSoon();
    });
  }
}

function standardError(): DestinationStream {
  return pino.destination({
    dest: 2,
    sync: false,
    minLength: BUFFER_BYTES,
    periodicFlush: FLUSH_MS,
  });
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** Errors have no enumerable members; what an operator needs of them is the message and the stack. */
function withErrors(fields: object): object {
  if (!Object.values(fields).some((value) => value instanceof Error)) return fields;
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]: [string, unknown]) => [
      name,
      value instanceof Error ? { message: value.message, stack: value.stack } : value,
    ]),
  );
}
