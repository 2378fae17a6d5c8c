import { setTimeout as delay } from 'node:timers/promises';
import { createCache } from 'cache-manager';
import {
  introspectionFixture,
  type IntrospectionFixture,
} from '../../../test/support/introspection-fixture.js';
import {
  jwksRequests,
  startJwksServer,
  type JwksServer,
} from '../../../test/support/jwks-server.js';
import {
  accessClaims,
  ecKey,
  signJwt,
  type SigningKey,
} from '../../../test/support/token-signer.js';
import { IntrospectionUnavailable } from '../errors.js';

const ISS = 'https://auth.example.com';
const first = ecKey('first');
const second = ecKey('second');

/** In seconds. Between these two parts of it keys begin to be renewed. */
const TTL = 100;
const NOT_YET = 74;
const DUE = 90;

let server: JwksServer;
let fixture: IntrospectionFixture;

beforeEach(async () => {
  server = await startJwksServer([first.jwk]);
  fixture = introspectionFixture();
  store(fixture);
});

afterEach(async () => {
  server.release();
  await fixture.stop();
  await server.stop();
});

function store(target: IntrospectionFixture, elements: object = {}): void {
  const resource = { id: 'i', meta: { versionId: '1' }, type: 'jwt', jwks_uri: server.jwksUri };
  target.introspectors.set({ ...resource, jwt: { iss: ISS }, cache_ttl: TTL, ...elements });
}

function token(key: SigningKey): string {
  return signJwt(key, { ...accessClaims(ISS, fixture.clock.now()), jti: crypto.randomUUID() });
}

const judge = (key = first): Promise<readonly string[]> => fixture.refusals(token(key));

/** Waits until the issuer was asked so often, by somebody who waits for no answer. */
async function untilAsked(times: number): Promise<void> {
  while (jwksRequests(server) < times) await delay(5);
}

/** Waits until a token is judged so, after what goes on in the background. */
async function untilJudged(key: SigningKey, expected: readonly string[]): Promise<void> {
  while (JSON.stringify(await judge(key)) !== JSON.stringify(expected)) await delay(5);
}

describe('keys in use', () => {
  it('are renewed before their time ends, and nobody waits for it', async () => {
    await judge();
    fixture.clock.advance(NOT_YET);
    await judge();
    server.mode = 'held';
    fixture.clock.advance(DUE - NOT_YET);

    const answers = Array.from({ length: 20 }, () => judge());

    await expect(Promise.all(answers)).resolves.toEqual(answers.map(() => []));
    await untilAsked(2);
    expect(jwksRequests(server)).toBe(2);
  });

  it('live for another time to live from then on', async () => {
    await judge();
    server.keys = [first.jwk, second.jwk];
    fixture.clock.advance(DUE);
    await judge();
    await untilJudged(second, []);
    server.mode = 'down';

    fixture.clock.advance(NOT_YET);
    await expect(judge(second)).resolves.toEqual([]);
    expect(jwksRequests(server)).toBe(2);
  });

  it('bring what was published meanwhile, also under the same key id', async () => {
    await judge();
    const impostor = ecKey('first');
    const remembered = token(first);
    await expect(fixture.refusals(remembered)).resolves.toEqual([]);
    server.keys = [impostor.jwk];
    fixture.clock.advance(DUE);
    await judge();

    await untilJudged(impostor, []);

    await expect(fixture.refusals(remembered)).resolves.toEqual(['wrong-signature']);
  });

  it('are taken from another instance that renewed them', async () => {
    const cache = createCache();
    const [one, other] = [1, 2].map(() => introspectionFixture({ cacheSecret: 's' }, cache));
    if (!one || !other) throw new Error('Two instances are needed');
    for (const instance of [one, other]) {
      store(instance);
      await instance.refusals(token(first));
      instance.clock.advance(DUE);
    }
    server.keys = [first.jwk, second.jwk];
    fixture.clock.advance(DUE);
    await one.refusals(token(first));
    while ((await one.refusals(token(second))).length > 0) await delay(5);
    await other.refusals(token(first));
    await delay(50);

    expect(jwksRequests(server)).toBe(2);
    await one.stop();
    await other.stop();
  });

  it('stay when that fails, which is tried once per cooldown', async () => {
    await judge();
    server.mode = 'down';
    fixture.clock.advance(DUE);
    await judge();
    await untilAsked(2);
    await delay(50);

    await judge();
    expect(jwksRequests(server)).toBe(2);
    fixture.clock.advance(9);
    await expect(judge()).resolves.toEqual([]);
    expect(jwksRequests(server)).toBe(2);
    fixture.clock.advance(1);
    await expect(judge()).rejects.toThrow(IntrospectionUnavailable);
  });

  it('serve beyond their time without a wait once the issuer is known to fail', async () => {
    store(fixture, { stale_if_error: 3600 });
    await judge();
    server.mode = 'down';
    fixture.clock.advance(TTL);
    await expect(judge()).resolves.toEqual([]);
    expect(jwksRequests(server)).toBe(2);

    server.mode = 'held';
    await expect(judge()).resolves.toEqual([]);
    expect(jwksRequests(server)).toBe(2);
    fixture.clock.advance(10);
    const answers = Array.from({ length: 20 }, () => judge());
    await expect(Promise.all(answers)).resolves.toEqual(answers.map(() => []));
    await untilAsked(3);
    expect(jwksRequests(server)).toBe(3);
  });

  it('do not serve beyond their time because of a failure that is long past', async () => {
    store(fixture, { stale_if_error: 3600 });
    await judge();
    server.mode = 'down';
    await expect(judge(second)).rejects.toThrow(IntrospectionUnavailable);
    server.mode = 'up';
    server.keys = [second.jwk];
    fixture.clock.advance(TTL);

    await expect(judge(first)).resolves.toEqual(['unknown-key']);
  });

  it('are not given up for those of an instance whose clock is ahead', async () => {
    const cache = createCache();
    const [ahead, behind] = [1, 2].map(() => introspectionFixture({ cacheSecret: 's' }, cache));
    if (!ahead || !behind) throw new Error('Two instances are needed');
    store(behind);
    await behind.refusals(token(first));
    behind.clock.advance(DUE);
    store(ahead);
    ahead.clock.advance(TTL + DUE);
    await ahead.refusals(token(first));
    server.mode = 'down';

    await expect(behind.refusals(token(first))).resolves.toEqual([]);
    await untilAsked(3);
    await delay(50);
    await expect(behind.refusals(token(first))).resolves.toEqual([]);
    await ahead.stop();
    await behind.stop();
  });

  it('are asked for again when they have not been used for their time', async () => {
    await judge();
    fixture.clock.advance(10 * TTL);
    expect(jwksRequests(server)).toBe(1);

    await expect(judge()).resolves.toEqual([]);
    expect(jwksRequests(server)).toBe(2);
  });
});

describe('an issuer that fails while no keys are known', () => {
  it('is asked once a second, whatever comes, and serves as soon as it is back', async () => {
    server.mode = 'down';
    for (let index = 0; index < 20; index += 1) {
      await expect(judge()).rejects.toThrow(IntrospectionUnavailable);
    }
    expect(jwksRequests(server)).toBe(1);

    fixture.clock.advance(1);
    await expect(judge()).rejects.toThrow(IntrospectionUnavailable);
    expect(jwksRequests(server)).toBe(2);

    server.mode = 'up';
    fixture.clock.advance(1);
    await expect(judge()).resolves.toEqual([]);
  });

  it('is waited for by many together, each at most for one deadline', async () => {
    server.mode = 'slow';
    const answers = await Promise.allSettled(Array.from({ length: 50 }, () => judge()));

    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 'rejected'));
    expect(jwksRequests(server)).toBe(1);
  });
});
