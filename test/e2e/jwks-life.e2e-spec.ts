import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  jest,
} from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { jwksRequests, startJwksServer, type JwksServer } from '../support/jwks-server.js';
import { startTestApp, type Reply, type TestApp } from '../support/test-app.js';
import { accessClaims, ecKey, signJwt, type SigningKey } from '../support/token-signer.js';

jest.setTimeout(90_000);

/** How many requests make a crowd, and how many of them are sent at a time. */
const CROWD = 1000;
const AT_ONCE = 20;
const COOLDOWN_MS = 10_000;
const TIMEOUT_MS = 400;

let app: TestApp;
let issuer: JwksServer;
let names = 0;
/** The issuer of the test, and with it the introspector. */
let iss: string;

const first = ecKey('first');
const second = ecKey('second');

beforeAll(async () => {
  app = await startTestApp({ WARDGATE_IDP_TIMEOUT: `${TIMEOUT_MS}ms` });
  await app.put('/AccessPolicy/known-issuers', {
    engine: 'matcho',
    matcho: { jwt: { iss: '#^https://issuer' }, 'request-method': 'get' },
  });
});
afterAll(async () => {
  await app.stop();
});
beforeEach(async () => {
  issuer = await startJwksServer([first.jwk]);
  names += 1;
  iss = `https://issuer-${names}.example`;
});
afterEach(async () => {
  await issuer.stop();
});

async function trust(elements: object = {}): Promise<void> {
  await app.put(`/TokenIntrospector/issuer-${names}`, {
    type: 'jwt',
    jwt: { iss },
    jwks_uri: issuer.jwksUri,
    ...elements,
  });
}

function token(key: SigningKey = first, header: Readonly<Record<string, unknown>> = {}): string {
  return signJwt(key, { ...accessClaims(iss), jti: crypto.randomUUID() }, header);
}

const send = (bearer: string): Promise<Reply> => app.call('GET', '/fhir/Basic', { token: bearer });
const statusOf = async (bearer: string): Promise<number> => (await send(bearer)).status;

/** The statuses of a crowd, and how often each came. */
async function crowd(bearer: () => string, size = CROWD): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (let sent = 0; sent < size; sent += AT_ONCE) {
    const replies = Array.from({ length: AT_ONCE }, () => statusOf(bearer()));
    for (const status of await Promise.all(replies)) counts[status] = (counts[status] ?? 0) + 1;
  }
  return counts;
}

/** Asks until the answer is this. */
async function until(status: number, ask: () => Promise<Reply>): Promise<void> {
  while ((await ask()).status !== status) await delay(20);
}

describe('what a crowd costs the issuer', () => {
  it('is one fetch for one token', async () => {
    await trust();
    const bearer = token();

    await expect(crowd(() => bearer)).resolves.toEqual({ 200: CROWD });
    expect(jwksRequests(issuer)).toBe(1);
  });

  it('is one fetch for many tokens of one key', async () => {
    await trust();

    await expect(crowd(() => token())).resolves.toEqual({ 200: CROWD });
    expect(jwksRequests(issuer)).toBe(1);
  });

  it('is one fetch more per cooldown for random key ids', async () => {
    await trust();
    const startedAt = performance.now();

    const random = crowd(() => token(first, { kid: crypto.randomUUID() }));

    await expect(random).resolves.toEqual({ 401: CROWD });
    const cooldowns = Math.floor((performance.now() - startedAt) / COOLDOWN_MS);
    expect(jwksRequests(issuer)).toBeGreaterThanOrEqual(1);
    expect(jwksRequests(issuer)).toBeLessThanOrEqual(2 + cooldowns);
    await expect(statusOf(token())).resolves.toBe(200);
  });

  it('is nothing for issuers that nobody trusts, and for tokens that name their own keys', async () => {
    await trust();
    const foreign = (): string => signJwt(first, accessClaims(`${issuer.issuer}/elsewhere`));
    const url = `${issuer.issuer}/theirs`;

    await expect(crowd(foreign, AT_ONCE)).resolves.toEqual({ 401: AT_ONCE });
    for (const header of [{ jku: url }, { x5u: url }, { jwk: second.jwk }]) {
      await expect(statusOf(token(second, { ...header, kid: 'first' }))).resolves.toBe(401);
    }
    expect([...issuer.requests.keys()]).not.toContain('/theirs');
    expect(jwksRequests(issuer)).toBeLessThanOrEqual(1);
  });
});

describe('a rotation', () => {
  it('to a new key id counts at once, beside the old one', async () => {
    await trust();
    const old = token();
    await expect(statusOf(old)).resolves.toBe(200);
    issuer.keys = [first.jwk, second.jwk];

    await expect(statusOf(token(second))).resolves.toBe(200);
    await expect(statusOf(old)).resolves.toBe(200);
    expect(jwksRequests(issuer)).toBe(2);
  });

  it('that removes a key refuses its tokens when the time to live is over', async () => {
    await trust({ cache_ttl: 1 });
    const old = token();
    await expect(statusOf(old)).resolves.toBe(200);
    issuer.keys = [second.jwk];

    await until(401, () => send(old));

    await expect(statusOf(token(second))).resolves.toBe(200);
  });

  it('to another key under the same id refuses even tokens that were verified', async () => {
    await trust({ cache_ttl: 1 });
    const old = token();
    const successor = ecKey('first');
    await expect(statusOf(old)).resolves.toBe(200);
    issuer.keys = [successor.jwk];

    await until(200, () => send(token(successor)));

    await expect(statusOf(old)).resolves.toBe(401);
  });

  it('leaves aside what cannot verify signatures', async () => {
    issuer.keys = [
      { kty: 'new', kid: 'x' },
      { kty: 'oct', kid: 'y', k: 'c2VjcmV0' },
      { ...second.jwk, use: 'enc' },
      first.jwk,
    ];
    await trust();

    await expect(statusOf(token())).resolves.toBe(200);
    await expect(statusOf(token(second))).resolves.toBe(401);
  });
});

describe('an issuer that fails', () => {
  it('is spared while no keys are known, and serves again by itself', async () => {
    issuer.mode = 'down';
    await trust();
    const startedAt = performance.now();

    await expect(crowd(() => token())).resolves.toEqual({ 503: CROWD });

    const seconds = Math.ceil((performance.now() - startedAt) / 1000);
    expect(jwksRequests(issuer)).toBeLessThanOrEqual(1 + seconds);
    const reply = await send(token());
    expect(Number(reply.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(reply.json).toMatchObject({ issue: [{ code: 'transient' }] });
    issuer.mode = 'up';
    await until(200, () => send(token()));
  });

  it('is spared when it never answers, and nobody waits for more than one fetch', async () => {
    issuer.mode = 'slow';
    await trust();
    const startedAt = performance.now();

    await expect(crowd(() => token(), CROWD / 5)).resolves.toEqual({ 503: CROWD / 5 });

    // A fetch takes the whole timeout, and the next one waits a second.
    const fetches = Math.ceil((performance.now() - startedAt) / (TIMEOUT_MS + 1000));
    expect(jwksRequests(issuer)).toBeLessThanOrEqual(1 + fetches);
    issuer.mode = 'up';
    await until(200, () => send(token()));
  });

  it('goes unnoticed while its keys live; a bad token is 401, one of an unknown key 503', async () => {
    await trust();
    await expect(statusOf(token())).resolves.toBe(200);
    issuer.mode = 'down';

    await expect(crowd(() => token(), CROWD / 5)).resolves.toEqual({ 200: CROWD / 5 });
    await expect(statusOf(token({ ...second, kid: 'first' }))).resolves.toBe(401);
    await expect(crowd(() => token(second), CROWD / 5)).resolves.toEqual({ 503: CROWD / 5 });
    expect(jwksRequests(issuer)).toBe(2);
  });

  it('goes unnoticed for stale_if_error beyond that, also when it never answers', async () => {
    await trust({ cache_ttl: 1, stale_if_error: 600 });
    await expect(statusOf(token())).resolves.toBe(200);
    issuer.mode = 'slow';
    await delay(1100);

    await expect(crowd(() => token(), CROWD / 5)).resolves.toEqual({ 200: CROWD / 5 });
    expect(jwksRequests(issuer)).toBeLessThanOrEqual(3);
  });

  it('may come and go: good tokens are 200 or 503, never 401', async () => {
    await trust({ cache_ttl: 1 });
    const seen = new Set<number>();
    for (let turn = 0; turn < 6; turn += 1) {
      issuer.mode = turn % 2 === 0 ? 'up' : 'down';
      const counts = await crowd(() => token(), CROWD / 5);
      for (const status of Object.keys(counts)) seen.add(Number(status));
      await delay(400);
    }
    issuer.mode = 'up';
    await until(200, () => send(token()));

    expect([...seen].every((status) => status === 200 || status === 503)).toBe(true);
    expect(seen).toContain(200);
  });

  it('does not keep the tokens of another one away', async () => {
    issuer.mode = 'slow';
    await trust();
    const other = await startJwksServer([second.jwk]);
    const otherIss = `${iss}.other`;
    const jwks_uri = other.jwksUri;
    await app.put('/TokenIntrospector/other', { type: 'jwt', jwt: { iss: otherIss }, jwks_uri });

    const waiting = crowd(() => token(), AT_ONCE);
    await expect(statusOf(signJwt(second, accessClaims(otherIss)))).resolves.toBe(200);
    await expect(waiting).resolves.toEqual({ 503: AT_ONCE });
    await other.stop();
  });

  it.each(['garbage', 'not-a-set', 'huge', 'redirect'] as const)(
    'is one that answers with %s: 503, and 200 as soon as it does not',
    async (mode) => {
      issuer.mode = mode;
      await trust();

      await expect(statusOf(token())).resolves.toBe(503);
      issuer.mode = 'up';
      await until(200, () => send(token()));
    },
  );
});
