import {
  TestClock,
  TestIntrospectionSettings,
} from '../../../test/support/introspection-fixture.js';
import type { JsonObject } from '../../policy/json.js';
import {
  parseTokenIntrospector,
  type JwtIntrospector,
} from '../../resources/token-introspector/token-introspector.js';
import type { Jwt } from './jwt.js';
import type { KeySet } from './key-set.js';
import { RememberedTokens } from './remembered-tokens.js';

const MAX = 100;
const KEYS: KeySet = { revision: 'k1', kind: 'local', keys: [] };
const clock = new TestClock();

function memory(rememberedTokens = MAX): RememberedTokens {
  return new RememberedTokens(clock, new TestIntrospectionSettings({ rememberedTokens }));
}

function introspector(elements: object = {}): JwtIntrospector {
  const resource = { id: 'i', type: 'jwt', jwt: { secret: 's' }, ...elements };
  return parseTokenIntrospector(resource) as JwtIntrospector;
}

function jwt(claims: object = { exp: clock.now() / 1000 + 300 }): Jwt {
  const header = { alg: 'HS256', kid: undefined, typ: undefined };
  return { header, claims: claims as JsonObject };
}

describe('the memory of verified tokens', () => {
  it('holds as many as it may and no more, the latest of them', () => {
    const remembered = memory();
    const digests = Array.from({ length: 10 * MAX }, (_, at) => `token ${at}`);

    for (const digest of digests) remembered.remember(digest, jwt(), introspector(), KEYS);

    const held = digests.filter((digest) => remembered.read(digest) !== undefined);
    expect(held).toEqual(digests.slice(-MAX));
  });

  it('keeps what is used when it must drop something', () => {
    const remembered = memory();
    remembered.remember('used', jwt(), introspector(), KEYS);
    remembered.remember('unused', jwt(), introspector(), KEYS);

    for (let at = 0; at < MAX - 1; at += 1) {
      remembered.isVerified('used', introspector(), KEYS);
      remembered.remember(`token ${at}`, jwt(), introspector(), KEYS);
    }

    expect(remembered.read('used')).toBeDefined();
    expect(remembered.read('unused')).toBeUndefined();
  });

  it('holds nothing where it may hold none', () => {
    const remembered = memory(0);

    remembered.remember('token', jwt(), introspector(), KEYS);
    remembered.forget();

    expect(remembered.read('token')).toBeUndefined();
    expect(remembered.isVerified('token', introspector(), KEYS)).toBe(false);
  });

  it.each([
    ['until its exp', jwt({ exp: clock.now() / 1000 + 40 }), 40],
    ['for cache_ttl when it has no exp', jwt({}), 60],
  ])('holds a token %s', (_rule, held, seconds) => {
    const remembered = memory();
    remembered.remember('token', held, introspector({ cache_ttl: 60 }), KEYS);

    clock.advance(seconds - 1);
    expect(remembered.read('token')).toBe(held);
    clock.advance(2);
    expect(remembered.read('token')).toBeUndefined();
    clock.advance(-seconds - 1);
  });

  it('holds no token whose exp has passed', () => {
    const remembered = memory();

    remembered.remember('token', jwt({ exp: clock.now() / 1000 }), introspector(), KEYS);

    expect(remembered.read('token')).toBeUndefined();
  });

  it('holds one for its last millisecond, and none for less', () => {
    const remembered = memory();
    const ending = (ms: number): Jwt => jwt({ exp: (clock.now() + ms) / 1000 });

    remembered.remember('last', ending(1.5), introspector(), KEYS);
    remembered.remember('less', ending(0.5), introspector(), KEYS);

    expect(remembered.read('last')).toBeDefined();
    expect(remembered.read('less')).toBeUndefined();
  });

  it('vouches under the same introspector and the same keys only', () => {
    const remembered = memory();
    const first = introspector({ meta: { versionId: '1' } });
    remembered.remember('token', jwt(), first, KEYS);

    expect(remembered.isVerified('token', first, KEYS)).toBe(true);
    expect(remembered.isVerified('token', first, { ...KEYS, revision: 'k2' })).toBe(false);
    const changed = introspector({ meta: { versionId: '2' } });
    expect(remembered.isVerified('token', changed, KEYS)).toBe(false);
    expect(remembered.isVerified('other', first, KEYS)).toBe(false);
  });

  it('counts what it holds, and how often it could tell', () => {
    const remembered = memory();
    const known = introspector({ meta: { versionId: '1' } });
    const changed = introspector({ meta: { versionId: '2' } });
    expect(remembered.statistics()).toEqual({ size: 0, hits: 0, misses: 0 });

    remembered.remember('token', jwt(), known, KEYS);
    remembered.isVerified('token', known, KEYS);
    remembered.isVerified('token', known, KEYS);
    remembered.isVerified('token', changed, KEYS);
    expect(remembered.statistics()).toEqual({ size: 1, hits: 2, misses: 1 });

    remembered.forget();
    expect(remembered.read('token')).toBeUndefined();
    expect(remembered.statistics()).toEqual({ size: 0, hits: 2, misses: 1 });
    expect(memory(0).statistics()).toEqual({ size: 0, hits: 0, misses: 0 });
  });
});
