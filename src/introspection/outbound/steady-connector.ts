import type { Socket } from 'node:net';
import { buildConnector } from 'undici';

/** The connection ended while nobody read what had come of an answer. */
class BrokenOff extends Error {
  readonly code = 'UND_ERR_SOCKET';

  constructor(cause: unknown) {
    super('The connection broke off within an answer', { cause });
  }
}

/**
 * Connections whose end is told only when what came before it has been read.
 *
 * undici 7 ends the process when the other side closes (`Connection: close`) or resets a connection while
 * its parser waits for the reader of an answer (nodejs/undici#5360, mended in undici 8 only, which needs
 * Node 22).
 */
export function steadyConnector(options: buildConnector.BuildOptions): buildConnector.connector {
  const connect = buildConnector({ allowH2: false, ...options });
  return (target, callback) => {
    connect(target, (...[error, socket]) => {
      if (error) callback(error, null);
      else callback(null, endingWhenRead(socket));
    });
  };
}

/**
 * The parser reads a connection with `read()` until there is no more, unless it waits: then the last it got
 * was something. Only after it got nothing may it learn of the end.
 */
function endingWhenRead<Connected extends Socket>(socket: Connected): Connected {
  const push = socket.push.bind(socket);
  const read = socket.read.bind(socket) as (size?: number) => unknown;
  const destroy = socket.destroy.bind(socket);
  let isWaiting = false;
  let isOver = false;
  const end = (): void => {
    if (!isOver || isWaiting || socket.readableLength > 0 || socket.destroyed) return;
    isOver = false;
    push(null);
    read(0);
  };
  socket.push = (chunk: unknown, encoding) => {
    if (chunk !== null) return push(chunk, encoding);
    isOver = true;
    process.nextTick(end);
    return false;
  };
  socket.read = (size?: number) => {
    const chunk = read(size);
    if (size === undefined) isWaiting = chunk !== null;
    if (isOver) process.nextTick(end);
    return chunk;
  };
  socket.destroy = (error) => destroy(isWaiting && isEnd(error) ? new BrokenOff(error) : error);
  return socket;
}

/** What the parser takes for the end of an answer that has no length. */
function isEnd(error: (Error & { readonly code?: unknown }) | undefined): boolean {
  return !error || error.code === 'ECONNRESET';
}
