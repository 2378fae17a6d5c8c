import KeyvRedis from '@keyv/redis';
import { Keyv } from 'keyv';
import { LRUCache } from 'lru-cache';
import { Impatience, redisClient } from './app.redis.js';

/** Entries that one instance keeps when there is no Redis, and their size; the oldest go first. */
const MAX_ENTRIES = 10_000;
const MAX_CHARACTERS = 32 * 1024 * 1024;

/**
 * Where the cache manager keeps its entries: in Redis, shared by all instances, or in this process. Redis is
 * hardly waited for: while it does not answer every read is a miss.
 */
export function cacheStore(redisUrl: string | undefined, onError: (message: string) => void): Keyv {
  if (redisUrl === undefined) return new Keyv({ store: new ProcessStore() });
  const keyv = new Keyv({ store: new ImpatientRedis(redisUrl), useKeyPrefix: false });
  keyv.on('error', (error: unknown) => {
    onError(`Redis: ${String(error)}`);
  });
  return keyv;
}

/** This process as a store of the texts that Keyv would send to a server. */
class ProcessStore {
  private readonly entries = new LRUCache<string, string>({
    max: MAX_ENTRIES,
    maxSize: MAX_CHARACTERS,
    sizeCalculation: (text, key) => key.length + text.length,
  });

  get(key: string): string | undefined {
    return this.entries.get(key);
  }

  /** @param ttl milliseconds; without it the entry stays until others push it out */
  set(key: string, text: string, ttl?: number): void {
    this.entries.set(key, text, ttl === undefined ? {} : { ttl });
  }

  delete(key: string): boolean {
    return this.entries.delete(key);
  }

  clear(): void {
    this.entries.clear();
  }
}

/** Redis as a store that gives up soon, because the client itself waits for an answer without end. */
class ImpatientRedis extends KeyvRedis<unknown> {
  private readonly patience = new Impatience();

  constructor(url: string) {
    super(redisClient(url), { throwOnConnectError: false });
  }

  override get<U = unknown>(key: string): Promise<U | undefined> {
    return this.patience.ask(() => super.get<U>(key), undefined);
  }

  override set(key: string, value: string, ttl?: number): Promise<void> {
    return this.patience.ask(() => super.set(key, value, ttl), undefined);
  }

  override delete(key: string): Promise<boolean> {
    return this.patience.ask(() => super.delete(key), false);
  }

  /** At once: a connection that does not answer would keep the process from ending. */
  override disconnect(): Promise<void> {
    return super.disconnect(true);
  }
}
