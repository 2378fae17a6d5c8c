import { createHash } from 'node:crypto';
import { createCache } from 'cache-manager';
import { cacheStore } from '../../src/app.cache.js';
import { Clock } from '../../src/introspection/clock.js';
import type { IntrospectionSettings } from '../../src/introspection/introspection-settings.js';
import { parseJwt, tokenDigest } from '../../src/introspection/jwt/jwt.js';
import { localKeySet } from '../../src/introspection/jwt/key-set.js';
import { RememberedTokens } from '../../src/introspection/jwt/remembered-tokens.js';
import { IntrospectionResults } from '../../src/introspection/opaque/introspection-results.js';
import { OutboundHttp } from '../../src/introspection/outbound/outbound-http.js';
import { SealedCache } from '../../src/introspection/sealed-cache.js';
import type { JsonObject } from '../../src/policy/json.js';
import {
  parseTokenIntrospector,
  type EndpointIntrospector,
  type JwtIntrospector,
} from '../../src/resources/token-introspector/token-introspector.js';
import { secretKey, signJwt } from '../support/token-signer.js';
import { heapAfterCollection } from './heap.js';
import { row, table } from './table.js';

/** After how many distinct tokens the heap is looked at. */
const MARKS = [10_000, 100_000, 500_000, 1_000_000];
const KEPT = [0, 10_000, 100_000];
const LIFETIME_SECONDS = 3600;
const KEY = secretKey('a secret of the benchmark');

class Now extends Clock {
  now(): number {
    return Date.now();
  }
}

/** An endpoint that vouches for every token, in place of the network. */
class Endpoint extends OutboundHttp {
  private asked = 0;

  override postForm(): Promise<JsonObject> {
    this.asked += 1;
    return Promise.resolve({ ...claimsOf(this.asked), active: true });
  }
}

/**
 * The heap after a million distinct tokens, each read and remembered as the guard does it, and after
 * as many answers about opaque ones. Prints a table and judges nothing.
 */
async function main(): Promise<void> {
  const rows = KEPT.map((kept) =>
    row(`${kept} signed tokens`, ...heapAtMarks(kept).map(mebibytes)),
  );
  rows.push(row('answers about opaque tokens', ...(await heapOfAnswers()).map(mebibytes)));
  const heads = ['remembered at most', ...MARKS.map((mark) => `MiB after ${mark}`)];
  process.stdout.write(`${table(heads, rows)}\n`);
}

async function heapOfAnswers(): Promise<readonly number[]> {
  const introspector = parseTokenIntrospector({
    id: 'bench',
    type: 'opaque',
    introspection_endpoint: { url: 'http://127.0.0.1/introspect' },
  }) as EndpointIntrospector;
  const settings = { allowedHosts: [], devMode: false } as unknown as IntrospectionSettings;
  const store = cacheStore(undefined, () => undefined);
  const shared = new SealedCache(createCache({ stores: [store] }), settings);
  const results = new IntrospectionResults(new Endpoint(settings), shared, new Now());
  const before = heapAfterCollection();
  const heaps: number[] = [];
  for (let at = 1; at <= (MARKS.at(-1) ?? 0); at += 1) {
    await results.of(`opaque token ${at}`, introspector);
    if (MARKS.includes(at)) heaps.push(heapAfterCollection() - before);
  }
  results.forget();
  return heaps;
}

function heapAtMarks(kept: number): readonly number[] {
  const introspector = parseTokenIntrospector({
    id: 'bench',
    type: 'jwt',
    jwt: { secret: KEY.pem },
  }) as JwtIntrospector;
  const keySet = localKeySet({ kind: 'secret', secret: KEY.pem });
  // The only setting that it asks for.
  const settings = { rememberedTokens: kept } as IntrospectionSettings;
  const remembered = new RememberedTokens(new Now(), settings);
  const before = heapAfterCollection();
  const heaps: number[] = [];
  for (let at = 1; at <= (MARKS.at(-1) ?? 0); at += 1) {
    const token = distinctToken(at);
    const jwt = parseJwt(token);
    if (typeof jwt === 'string') throw new Error(jwt);
    remembered.remember(tokenDigest(token), jwt, introspector, keySet);
    if (MARKS.includes(at)) heaps.push(heapAfterCollection() - before);
  }
  // Held until here, so that the last mark counts it, too.
  remembered.forget();
  return heaps;
}

/** An access token as providers issue them: some 700 bytes. */
function distinctToken(at: number): string {
  return signJwt(KEY, claimsOf(at));
}

function claimsOf(at: number): JsonObject {
  const now = Math.floor(Date.now() / 1000);
  const id = createHash('sha256').update(String(at)).digest('hex');
  return {
    iss: 'https://issuer.bench.example/realms/clinic',
    sub: id.slice(0, 32),
    aud: ['account', 'fhir'],
    jti: id,
    iat: now,
    exp: now + LIFETIME_SECONDS,
    azp: 'app',
    scope: 'openid profile email',
    realm_access: { roles: ['offline_access', 'uma_authorization', 'practitioner'] },
    preferred_username: `user-${at}`,
  };
}

function mebibytes(bytes: number): string {
  return (bytes / 1_048_576).toFixed(1);
}

await main();
