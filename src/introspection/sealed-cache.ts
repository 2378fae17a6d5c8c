import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { CACHE_MANAGER } from '@nestjs/cache-manager';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Cache } from 'cache-manager';
import { IntrospectionSettings } from './introspection-settings.js';

/**
 * The shared cache with a seal on every entry: what others wrote into it, or moved from one key to
 * another, is a miss. A cache that fails is a miss, too; it never stops a request.
 */
@Injectable()
export class SealedCache {
  private readonly log = new Logger(SealedCache.name);
  private readonly secret: Buffer;

  constructor(
    @Inject(CACHE_MANAGER) private readonly cache: Cache,
    settings: IntrospectionSettings,
  ) {
    this.secret = settings.cacheSecret ? Buffer.from(settings.cacheSecret) : randomBytes(32);
  }

  /** The text stored under structured key parts; undefined when there is none that can be trusted. */
  async get(parts: readonly string[]): Promise<string | undefined> {
    const key = this.key(parts);
    try {
      const entry = await this.cache.get<unknown>(key);
      return typeof entry === 'string' ? this.unseal(key, entry) : undefined;
    } catch (error) {
      this.log.warn(`The cache cannot be read: ${String(error)}`);
      return undefined;
    }
  }

  /** Stores a text for `ttlMs` milliseconds. */
  async set(parts: readonly string[], text: string, ttlMs: number): Promise<void> {
    const key = this.key(parts);
    try {
      await this.cache.set(key, `${this.mac(key, text)}.${text}`, ttlMs);
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
    return `wardgate:introspection:${this.mac('key', JSON.stringify(parts))}`;
  }

  private mac(context: string, text: string): string {
    const input = JSON.stringify([context, text]);
    return createHmac('sha256', this.secret).update(input).digest('base64url');
  }
}
