import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { numberAt } from '../../resources/token-introspector/json-members.js';
import type { JwtIntrospector } from '../../resources/token-introspector/token-introspector.js';
import { Clock } from '../clock.js';
import { IntrospectionSettings } from '../introspection-settings.js';
import type { Jwt } from './jwt.js';
import type { KeySet } from './key-set.js';

interface Remembered {
  readonly jwt: Jwt;
  readonly introspectorRevision: string;
  readonly keySetRevision: string;
}

/**
 * Tokens whose signature was verified: what they read and which keys vouched for them, by SHA-256.
 *
 * Only the two results that can never change are kept, parsing and the signature under given keys;
 * everything else about a token is asked anew on every request. Tokens that fail are not kept, so
 * nobody without a good token can push out one.
 */
@Injectable()
export class RememberedTokens {
  private readonly entries: LRUCache<string, Remembered> | undefined;
  private readonly asked = { hits: 0, misses: 0 };

  constructor(
    private readonly clock: Clock,
    settings: IntrospectionSettings,
  ) {
    const max = settings.rememberedTokens;
    if (max > 0) {
      this.entries = new LRUCache({ max, perf: { now: () => clock.now() }, ttlResolution: 0 });
    }
  }

  /** What the token of this digest reads; undefined when it is not remembered. */
  read(digest: string): Jwt | undefined {
    return this.entries?.get(digest)?.jwt;
  }

  /** Whether these very keys vouched for the token under this revision of the introspector. */
  isVerified(digest: string, introspector: JwtIntrospector, keySet: KeySet): boolean {
    const entry = this.entries?.get(digest);
    const isVerified =
      entry?.introspectorRevision === introspector.revision &&
      entry.keySetRevision === keySet.revision;
    this.asked[isVerified ? 'hits' : 'misses'] += 1;
    return isVerified;
  }

  /** Remembers a verified token until its `exp`, one without `exp` for the introspector's cache_ttl. */
  remember(digest: string, jwt: Jwt, introspector: JwtIntrospector, keySet: KeySet): void {
    const exp = numberAt(jwt.claims, 'exp');
    const ttl =
      exp === undefined ? introspector.cacheTtlSeconds * 1000 : exp * 1000 - this.clock.now();
    const wholeMs = Math.min(Math.floor(ttl), Number.MAX_SAFE_INTEGER);
    if (wholeMs < 1) return;
    const revisions = {
      introspectorRevision: introspector.revision,
      keySetRevision: keySet.revision,
    };
    this.entries?.set(digest, { jwt, ...revisions }, { ttl: wholeMs });
  }

  /** How many tokens are held, and how often one that was asked for was (hit) or was not (miss). */
  statistics(): { readonly size: number; readonly hits: number; readonly misses: number } {
    return { size: this.entries?.size ?? 0, ...this.asked };
  }

  /** Forgets all. */
  forget(): void {
    this.entries?.clear();
  }
}
