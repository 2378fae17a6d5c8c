import KeyvRedis, { createClient } from '@keyv/redis';
import { Keyv } from 'keyv';
import { LRUCache } from 'lru-cache';

/** Entries that one instance keeps when there is no Redis; the oldest go first. */
const MAX_ENTRIES = 10_000;

const CONNECT_TIMEOUT_MS = 1000;
const MAX_QUEUED_COMMANDS = 1000;
const MAX_RECONNECT_DELAY_MS = 5000;
/** A cache that takes longer than this is slower than the call that it saves. */
const PATIENCE_MS = 300;
/** How long Redis is left alone after it did not answer in time. */
const PAUSE_MS = 5000;

/**
 * Where the cache manager keeps its entries: in Redis, shared by all instances, or in this process. Redis is
 * hardly waited for: while it does not answer every read is a miss.
 */
export function cacheStore(redisUrl: string | undefined, onError: (message: string) => void): Keyv {
  if (redisUrl === undefined) return new Keyv({ store: new LRUCache({ max: MAX_ENTRIES }) });
  const keyv = new Keyv({ store: new ImpatientRedis(redisUrl), useKeyPrefix: false });
  keyv.on('error', (error: unknown) => {
    onError(`Redis: ${String(error)}`);
  });
  return keyv;
}

/** Redis as a store that gives up soon, because the client itself waits for an answer without end. */
class ImpatientRedis extends KeyvRedis<unknown> {
  private pausedUntil = 0;

  constructor(url: string) {
    const client = createClient({
      url,
      disableOfflineQueue: true,
      commandsQueueMaxLength: MAX_QUEUED_COMMANDS,
      socket: {
        connectTimeout: CONNECT_TIMEOUT_MS,
        reconnectStrategy: (retries) => Math.min(100 * 2 ** retries, MAX_RECONNECT_DELAY_MS),
      },
    });
    super(client, { throwOnConnectError: false });
  }

  override get<U = unknown>(key: string): Promise<U | undefined> {
    return this.impatiently(() => super.get<U>(key), undefined);
  }

  override set(key: string, value: string, ttl?: number): Promise<void> {
    return this.impatiently(() => super.set(key, value, ttl), undefined);
  }

  override delete(key: string): Promise<boolean> {
    return this.impatiently(() => super.delete(key), false);
  }

  /** At once: a connection that does not answer would keep the process from ending. */
  override disconnect(): Promise<void> {
    return super.disconnect(true);
  }

  private async impatiently<T>(ask: () => Promise<T>, otherwise: T): Promise<T> {
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
