import { createClient } from '@keyv/redis';

const CONNECT_TIMEOUT_MS = 1000;
const MAX_QUEUED_COMMANDS = 1000;
const MAX_RECONNECT_DELAY_MS = 5000;
/** Whatever is kept in Redis is not worth waiting longer for. */
const PATIENCE_MS = 300;
/** How long Redis is left alone after it did not answer in time. */
const PAUSE_MS = 5000;

/** A client that refuses commands while it is not connected, and connects again for ever. */
export function redisClient(url: string): ReturnType<typeof createClient> {
  return createClient({
    url,
    disableOfflineQueue: true,
    commandsQueueMaxLength: MAX_QUEUED_COMMANDS,
    socket: {
      connectTimeout: CONNECT_TIMEOUT_MS,
      reconnectStrategy: (retries) => Math.min(100 * 2 ** retries, MAX_RECONNECT_DELAY_MS),
    },
  });
}

/** Gives up soon on a server that does not answer, because the client itself waits without end. */
export class Impatience {
  private pausedUntil = 0;

  /** @returns what is answered in time, else `otherwise`; a rejection is passed on. */
  async ask<T>(ask: () => Promise<T>, otherwise: T): Promise<T> {
    if (performance.now() < this.pausedUntil) return otherwise;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<T>((resolve) => {
      timer = setTimeout(() => {
        this.pausedUntil = performance.now() + PAUSE_MS;
        resolve(otherwise);
      }, PATIENCE_MS);
    });
    try {
      return await Promise.race([ask(), late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
