import { createCache } from 'cache-manager';
import { Keyv } from 'keyv';
import { introspectionFixture } from '../../../test/support/introspection-fixture.js';
import { startIntrospectionEndpoint } from '../../../test/support/introspection-endpoint.js';
import {
  parseTokenIntrospector,
  type EndpointIntrospector,
} from '../../resources/token-introspector/token-introspector.js';
import { KnownResults, MAX_KEPT_CHARACTERS, REFUSED_TTL_MS } from './known-results.js';

describe('an answer that is too long to be kept', () => {
  it('vouches for its token each time that the endpoint is asked, and is stored nowhere', async () => {
    const endpoint = await startIntrospectionEndpoint();
    const entries = new Map<string, unknown>();
    const fixture = introspectionFixture(
      {},
      createCache({ stores: [new Keyv({ store: entries })] }),
    );
    fixture.introspectors.set({
      id: 'o',
      type: 'opaque',
      introspection_endpoint: { url: endpoint.url },
    });
    endpoint.answers.set('long', { active: true, groups: 'x'.repeat(MAX_KEPT_CHARACTERS) });
    endpoint.answers.set('short', { active: true, groups: 'x'.repeat(MAX_KEPT_CHARACTERS / 2) });

    for (const token of ['long', 'long', 'short', 'short']) {
      await expect(fixture.refusals(token)).resolves.toEqual([]);
    }
    expect([endpoint.askedAbout('long'), endpoint.askedAbout('short')]).toEqual([2, 1]);
    expect(entries.size).toBe(1);
    await fixture.stop();
    await endpoint.stop();
  });
});

describe('what is known of a token', () => {
  const introspector = parseTokenIntrospector({ id: 'o', type: 'opaque' }) as EndpointIntrospector;
  const MAX_AGE_MS = 60_000;
  const vouching = (sub: string, askedAtMs: number) => ({
    answer: { active: true, sub },
    askedAtMs,
  });
  const found = (known: KnownResults, nowMs: number, maxAgeMs = MAX_AGE_MS): unknown => {
    const result = known.find('key', introspector, maxAgeMs, nowMs);
    return typeof result === 'object' ? result['sub'] : result;
  };

  it('is the newer of two answers, whichever came last', () => {
    const known = new KnownResults();
    known.vouch('key', vouching('new', 10));
    known.vouch('key', vouching('old', 5));
    expect(found(known, 20)).toBe('new');

    known.vouch('key', vouching('newest', 10));
    expect(found(known, 20)).toBe('newest');
  });

  it('is a refusal unless the answer is newer', () => {
    const known = new KnownResults();
    known.vouch('key', vouching('ada', 5));
    known.refuse('key', 'inactive', 10);
    expect(found(known, 20)).toBe('inactive');

    known.vouch('key', vouching('ada', 9));
    expect(found(known, 20)).toBe('inactive');
    known.vouch('key', vouching('ada', 11));
    expect(found(known, 20)).toBe('ada');
    expect(found(known, 11 + MAX_AGE_MS)).toBeUndefined();
  });

  it('is no refusal that an answer has overcome, once that answer has expired', () => {
    const known = new KnownResults();
    known.refuse('key', 'inactive', 1000);
    known.vouch('key', { answer: { active: true, sub: 'ada', exp: 3 }, askedAtMs: 2000 });

    expect(found(known, 2999)).toBe('ada');
    expect(found(known, 3000)).toBeUndefined();
  });

  it('is taken from others up to this very moment, and not from the future', () => {
    const known = new KnownResults();
    known.adopt('key', vouching('later', 21), 20);
    expect(found(known, 30)).toBeUndefined();

    known.adopt('key', vouching('now', 20), 20);
    expect(found(known, 20)).toBe('now');
  });

  it.each([
    ['ten seconds', MAX_AGE_MS, REFUSED_TTL_MS],
    ['its own time where that is shorter', 2_000, 2_000],
  ])('is a refusal for %s', (_what, maxAgeMs, ms) => {
    const known = new KnownResults();
    known.refuse('key', 'inactive', 100);

    expect(found(known, 99 + ms, maxAgeMs)).toBe('inactive');
    expect(found(known, 100 + ms, maxAgeMs)).toBeUndefined();
    expect(found(known, 99, maxAgeMs)).toBeUndefined();
  });

  it('is an answer for its time, while the clock goes forward', () => {
    const known = new KnownResults();
    known.vouch('key', vouching('ada', 100));

    expect(found(known, 100)).toBe('ada');
    expect(found(known, 99 + MAX_AGE_MS)).toBe('ada');
    expect(found(known, 100 + MAX_AGE_MS)).toBeUndefined();
    expect(found(known, 99)).toBeUndefined();
  });

  it('is nothing after all was forgotten', () => {
    const known = new KnownResults();
    known.vouch('key', vouching('ada', 1));
    known.refuse('other', 'inactive', 1);
    known.clear();

    expect(found(known, 2)).toBeUndefined();
    expect(known.find('other', introspector, MAX_AGE_MS, 2)).toBeUndefined();
  });
});

describe('answers of one process', () => {
  /** A store that is down. */
  class NoStore extends Map<string, unknown> {
    override get(): never {
      throw new Error('the store is down');
    }

    override set(): never {
      throw new Error('the store is down');
    }
  }

  it('are kept where the shared cache keeps none', async () => {
    const endpoint = await startIntrospectionEndpoint();
    const cache = createCache({ stores: [new Keyv({ store: new NoStore() })] });
    const fixture = introspectionFixture({}, cache);
    fixture.introspectors.set({
      id: 'o',
      type: 'opaque',
      introspection_endpoint: { url: endpoint.url },
    });
    endpoint.answers.set('t', { active: true });

    await expect(fixture.refusals('t')).resolves.toEqual([]);
    await expect(fixture.refusals('t')).resolves.toEqual([]);
    expect(endpoint.askedAbout('t')).toBe(1);
    await fixture.stop();
    await endpoint.stop();
  });

  it('take the place of older ones in the shared cache', async () => {
    const endpoint = await startIntrospectionEndpoint();
    const secret = { cacheSecret: 'a secret of at least thirty-two bytes' };
    const cache = createCache();
    const instances = [0, 1, 2].map(() => introspectionFixture(secret, cache));
    endpoint.answers.set('t', { active: true });
    for (const [at, instance] of instances.entries()) {
      instance.introspectors.set({
        id: 'o',
        meta: { versionId: '1' },
        type: 'opaque',
        cache_ttl: 60,
        stale_if_error: 3600,
        introspection_endpoint: { url: endpoint.url },
      });
      // The first answer is too old for the second instance, the second one is not for the third.
      if (at > 0) instance.clock.advance(61);
      await expect(instance.refusals('t')).resolves.toEqual([]);
    }

    expect(endpoint.askedAbout('t')).toBe(2);
    for (const instance of instances) await instance.stop();
    await endpoint.stop();
  });
});
