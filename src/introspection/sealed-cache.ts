import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { CACHE_MANAGER } from '@nestjs/cache-manager';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Cache } from 'cache-manager';
import { MetricsRegistry } from '../metrics/metrics-registry.js';
import { CacheMetrics, type CacheResult } from './cache-metrics.js';
import { IntrospectionSettings } from './introspection-settings.js';

/** A place in the cache as of the moment at which it was asked for. */
export interface CacheSlot {
  /** The text stored there; undefined when there is none that can be trusted. */
  get(): Promise<string | undefined>;
  /** Stores a text for `ttlMs` milliseconds; where the cache was dropped since, nobody will find it. */
  set(text: string, ttlMs: number): Promise<void>;
  /** Removes what is stored there. */
  clear(): Promise<void>;
}

/**
 * The shared cache with a seal on every entry: what others wrote into it, or moved from one key to
 * another, is a miss. A cache that fails is a miss, too; it never stops a request.
 */
@Injectable()
export class SealedCache {
  private readonly log = new Logger(SealedCache.name);
  private readonly secret: Buffer;
  private epoch = '';

  constructor(
    @Inject(CACHE_MANAGER) private readonly cache: Cache,
    settings: IntrospectionSettings,
    private readonly metrics: CacheMetrics = new CacheMetrics(new MetricsRegistry()),
  ) {
    this.secret = settings.cacheSecret ? Buffer.from(settings.cacheSecret) : randomBytes(32);
  }

  /** From now on no entry of another epoch is found, nor will be when it is written later. */
  enterEpoch(epoch: string): void {
    this.epoch = epoch;
  }

  /**
   * The place of structured key parts. Whoever fetches what is to be stored takes the slot before the
   * call: what was asked for before the cache was dropped must not be stored after it.
   */
  slot(parts: readonly string[]): CacheSlot {
    const key = this.key(parts);
    return {
      get: () => this.read(key),
      set: (text, ttlMs) => this.write(key, text, ttlMs),
      clear: () => this.remove(key),
    };
  }

  /** The text stored under structured key parts now. */
  get(parts: readonly string[]): Promise<string | undefined> {
    return this.slot(parts).get();
  }

  private async read(key: string): Promise<string | undefined> {
    try {
      const entry = await this.cache.get<unknown>(key);
      const text = typeof entry === 'string' ? this.unseal(key, entry) : undefined;
      this.metrics.lookedUp('shared', lookupResult(entry, text));
      return text;
    } catch (error) {
      this.metrics.lookedUp('shared', 'failed');
      this.log.warn(`The cache cannot be read: ${String(error)}`);
      return undefined;
    }
  }

  private async write(key: string, text: string, ttlMs: number): Promise<void> {
    try {
      await this.cache.set(key, `${this.mac(key, text)}.${text}`, ttlMs);
    } catch (error) {
      this.log.warn(`The cache cannot be written: ${String(error)}`);
    }
  }

  private async remove(key: string): Promise<void> {
    try {
      await this.cache.del(key);
    } catch (error) {
      this.log.warn(`The cache cannot be written: ${String(error)}`);
    }
  }

  private unseal(key: string, entry: string): string | undefined {
    const dot = entry.indexOf('.');
    const text = entry.slice(dot + 1);
    const given = Buffer.from(entry.slice(0, Math.max(dot, 0)));
    const expected = Buffer.from(this.mac(key, text));
    return given.length === expected.length && timingSafeEqual(given, expected) ? text : undefined;
  }

  private key(parts: readonly string[]): string {
    return `wardgate:introspection:${this.mac('key', JSON.stringify([this.epoch, parts]))}`;
  }

  private mac(context: string, text: string): string {
    const input = JSON.stringify([context, text]);
    return createHmac('sha256', this.secret).update(input).digest('base64url');
  }
}

function lookupResult(entry: unknown, text: string | undefined): CacheResult {
  if (text !== undefined) return 'hit';
  return entry === undefined || entry === null ? 'miss' : 'forged';
}
