import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import {
  startIntrospectionEndpoint,
  type IntrospectionEndpoint,
} from '../support/introspection-endpoint.js';
import { jwksRequests, startJwksServer, type JwksServer } from '../support/jwks-server.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { accessClaims, ecKey, signJwt, type SigningKey } from '../support/token-signer.js';

jest.setTimeout(120_000);

const OUTAGE_SECONDS = 30;
const REFETCH_COOLDOWN_SECONDS = 10;
const PUBLISHED = ecKey('published');
const NEXT = ecKey('next');

let app: TestApp;
let used: JwksServer;
let unused: JwksServer;
let endpoint: IntrospectionEndpoint;

beforeAll(async () => {
  app = await startTestApp({ WARDGATE_IDP_TIMEOUT: '300ms' });
  used = await startJwksServer([PUBLISHED.jwk]);
  unused = await startJwksServer([PUBLISHED.jwk]);
  endpoint = await startIntrospectionEndpoint();
  await app.put('/AccessPolicy/callers', { engine: 'allow' });
  for (const [name, { jwksUri }] of Object.entries({ used, unused })) {
    await app.put(`/TokenIntrospector/${name}`, {
      type: 'jwt',
      jwt: { iss: issuerOf(name) },
      jwks_uri: jwksUri,
    });
  }
  await app.put('/TokenIntrospector/opaque', {
    type: 'opaque',
    introspection_endpoint: { url: endpoint.url, authorization: 'Basic d2FyZGdhdGU6c2VjcmV0' },
  });
});
afterAll(async () => {
  await app.stop();
  await Promise.all([used.stop(), unused.stop(), endpoint.stop()]);
});

const issuerOf = (name: string): string => `https://${name}.example`;

const jwtOf = (name: string, key: SigningKey = PUBLISHED): string =>
  signJwt(key, { ...accessClaims(issuerOf(name)), jti: crypto.randomUUID() });

const statusOf = async (token: string): Promise<number> =>
  (await app.call('GET', '/fhir/Basic', { token })).status;

function vouchedFor(): string {
  const token = crypto.randomUUID();
  endpoint.answers.set(token, { active: true, exp: Math.floor(Date.now() / 1000) + 300 });
  return token;
}

async function untilServed(token: () => string): Promise<void> {
  while ((await statusOf(token())) !== 200) await delay(50);
}

/** Who calls during the outage, and the only answer that each may get. */
const callers: readonly (readonly [string, () => string, number])[] = [
  ['whose key is known', () => jwtOf('used'), 200],
  ['whose key is new', () => jwtOf('used', NEXT), 503],
  ['whose issuer was never reached', () => jwtOf('unused'), 503],
  ['whose opaque token is new', vouchedFor, 503],
];

it('spares issuers that are down for half a minute, and serves again without a restart', async () => {
  expect(await statusOf(jwtOf('used'))).toBe(200);
  for (const server of [used, unused]) server.mode = 'down';
  endpoint.mode = 503;
  const endsAt = performance.now() + OUTAGE_SECONDS * 1000;
  const answers = new Map<string, Set<number>>();
  while (performance.now() < endsAt) {
    for (const [name, token] of callers) {
      answers.set(name, (answers.get(name) ?? new Set()).add(await statusOf(token())));
    }
    await delay(20);
  }

  expect(answers).toEqual(new Map(callers.map(([name, , status]) => [name, new Set([status])])));
  // The first for its keys, then one for unknown key ids per cooldown.
  const looks = Math.ceil(OUTAGE_SECONDS / REFETCH_COOLDOWN_SECONDS);
  expect(jwksRequests(used)).toBeLessThanOrEqual(1 + looks);
  // Where nothing is known, at most once a second, whoever asks.
  expect(jwksRequests(unused)).toBeLessThanOrEqual(1 + OUTAGE_SECONDS);
  expect(endpoint.asked.length).toBeLessThanOrEqual(1 + OUTAGE_SECONDS);

  for (const server of [used, unused]) server.mode = 'up';
  endpoint.mode = 'up';
  used.keys = [PUBLISHED.jwk, NEXT.jwk];
  await untilServed(() => jwtOf('used', NEXT));
  await untilServed(() => jwtOf('unused'));
  await untilServed(vouchedFor);
});
