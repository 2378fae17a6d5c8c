import KeyvRedis, { createClient } from '@keyv/redis';
import { Keyv } from 'keyv';
import { LRUCache } from 'lru-cache';

/** Entries that one instance keeps when there is no Redis; the oldest go first. */
const MAX_ENTRIES = 10_000;

const CONNECT_TIMEOUT_MS = 1000;
/** A cache that takes longer than this is slower than the call that it saves. */
const COMMAND_TIMEOUT_MS = 500;
const MAX_QUEUED_COMMANDS = 1000;
const MAX_RECONNECT_DELAY_MS = 5000;

/**
 * Where the cache manager keeps its entries: in Redis, shared by all instances, or in this process. Redis is
 * never waited for: while it cannot be reached every read is a miss.
 */
export function cacheStore(redisUrl: string | undefined, onError: (message: string) => void): Keyv {
  if (redisUrl === undefined) return new Keyv({ store: new LRUCache({ max: MAX_ENTRIES }) });
  const client = createClient({
    url: redisUrl,
    disableOfflineQueue: true,
    commandsQueueMaxLength: MAX_QUEUED_COMMANDS,
    commandOptions: { timeout: COMMAND_TIMEOUT_MS },
    socket: {
      connectTimeout: CONNECT_TIMEOUT_MS,
      reconnectStrategy: (retries) => Math.min(100 * 2 ** retries, MAX_RECONNECT_DELAY_MS),
    },
  });
  const store = new KeyvRedis(client, { throwOnConnectError: false });
  const keyv = new Keyv({ store, useKeyPrefix: false });
  keyv.on('error', (error: unknown) => onError(`Redis: ${String(error)}`));
  return keyv;
}
