import { Logger } from '@nestjs/common';
import type { JsonObject } from '../../policy/json.js';
import {
  cellsOf,
  isSampled,
  keysUnderTest,
  SKEW_SECONDS,
  STALE_SECONDS,
  TTL_SECONDS,
  type Cell,
  type KeyUnderTest,
} from '../../../test/support/matrix/cells.js';
import { expectationOf, type Verdict } from '../../../test/support/matrix/oracle.js';
import {
  AUDIENCE,
  ISSUER,
  issuersKey,
  REQUIRED_CLAIM,
  rotatedKey,
  soundClaims,
  VARIANTS,
  type Variant,
} from '../../../test/support/matrix/tokens.js';
import {
  introspectionFixture,
  TestIntrospectionSettings,
  type IntrospectionFixture,
} from '../../../test/support/introspection-fixture.js';
import { signJwt, type SigningKey } from '../../../test/support/token-signer.js';
import { IntrospectionUnavailable } from '../errors.js';
import { OutboundFailure } from '../outbound/outbound-failure.js';
import { OutboundHttp } from '../outbound/outbound-http.js';

/** All cells, not a thirty-second part of those of spoilt tokens: minutes instead of seconds. */
const IS_FULL = process.env['WARDGATE_TEST_MATRIX'] === 'full';
const JWKS_URI = `${ISSUER}/jwks`;

/** The issuer in place of the network. */
class TestIssuer extends OutboundHttp {
  keys: readonly JsonObject[] = [];
  isDown = false;
  calls = 0;

  override getJson(url: string): Promise<JsonObject> {
    this.calls += 1;
    if (this.isDown) return Promise.reject(new OutboundFailure('The call failed'));
    if (url === JWKS_URI) return Promise.resolve({ keys: this.keys });
    return Promise.resolve({ issuer: ISSUER, jwks_uri: JWKS_URI });
  }
}

interface Outcome {
  readonly verdict: Verdict;
  readonly calls: number;
}

const ANOTHER: Omit<Variant, 'flaw'> = {
  name: 'another',
  token: (key, now) => signJwt(key, { ...soundClaims(now), jti: 'another' }),
};

const tokens = new Map<string, string>();

// Thousands of outages, each of which is worth a warning elsewhere.
beforeAll(() => {
  Logger.overrideLogger(false);
});

describe.each(keysUnderTest())('$alg by $source', (key) => {
  it('is judged as the specification says, whatever is cached and whoever is up', async () => {
    const wrong: unknown[] = [];
    const verdicts = new Set<Verdict>();
    for (const cell of cellsOf(key)) {
      for (const variant of VARIANTS.filter((one) => isTried(cell, one))) {
        const expected = expectationOf(cell, variant.flaw);
        const outcome = await judge(cell, variant);
        verdicts.add(outcome.verdict);
        const isNeedlessCall = expected.isPlain && outcome.calls > 0;
        if (outcome.verdict !== expected.verdict || isNeedlessCall) {
          wrong.push({ ...cell, token: variant.name, expected, outcome });
        }
      }
    }

    expect(wrong).toEqual([]);
    expect([...verdicts].sort()).toEqual(possibleVerdicts(key));
  }, 600_000);
});

// The sound token is tried in every cell: the control of every refusal.
function isTried(cell: Cell, variant: Variant): boolean {
  return IS_FULL || variant === VARIANTS[0] || isSampled(cell, variant.name);
}

function possibleVerdicts({ source }: KeyUnderTest): readonly Verdict[] {
  const isRemote = source === 'jwks' || source === 'discovery';
  return isRemote ? ['accepted', 'refused', 'unavailable'] : ['accepted', 'refused'];
}

async function judge(cell: Cell, variant: Variant): Promise<Outcome> {
  const issuer = new TestIssuer(new TestIntrospectionSettings());
  const fixture = introspectionFixture({}, undefined, issuer);
  const key = issuersKey(cell.alg);
  const now = fixture.clock.now() / 1000;
  fixture.introspectors.set(introspector(cell, key));
  const token = tokenOf(cell, variant, now);

  issuer.keys = publishedKeys(cell);
  if (cell.history !== 'cold') await verdictOn(fixture, firstToken(cell, token, now));
  fixture.clock.advance(cell.age);
  if (cell.issuer === 'rotated') issuer.keys = [published(rotatedKey(cell.alg))];
  issuer.isDown = cell.issuer.startsWith('down');
  issuer.calls = 0;
  const verdict = await verdictOn(fixture, token);
  await fixture.stop();
  return { verdict, calls: issuer.calls };
}

// One more of another algorithm: a token without kid has to find the one that fits.
function publishedKeys({ alg }: Cell): readonly JsonObject[] {
  const other = alg === 'ES256' ? 'ES384' : 'ES256';
  return ([alg, other] as const).map((one) => published(issuersKey(one)));
}

function published({ jwk, kid, alg }: SigningKey): JsonObject {
  return { ...jwk, kid, alg } as JsonObject;
}

function firstToken(cell: Cell, token: string, now: number): string {
  return cell.history === 'remembered token' ? token : tokenOf(cell, ANOTHER, now);
}

// Signed once for all cells: the fixture's clock always starts at the same moment.
function tokenOf({ alg }: Cell, { name, token }: Omit<Variant, 'flaw'>, now: number): string {
  const known = tokens.get(`${alg} ${name}`) ?? token(issuersKey(alg), now);
  tokens.set(`${alg} ${name}`, known);
  return known;
}

async function verdictOn(fixture: IntrospectionFixture, token: string): Promise<Verdict> {
  try {
    return (await fixture.introspect(token)).active ? 'accepted' : 'refused';
  } catch (error) {
    if (error instanceof IntrospectionUnavailable) return 'unavailable';
    throw error;
  }
}

function introspector(cell: Cell, key: SigningKey): object {
  const jwt = {
    iss: ISSUER,
    aud: [AUDIENCE],
    required_claims: [REQUIRED_CLAIM],
    clock_skew: SKEW_SECONDS,
  };
  const resource = {
    id: 'i',
    type: 'jwt',
    cache_ttl: TTL_SECONDS,
    stale_if_error: cell.issuer === 'down with stale' ? STALE_SECONDS : 0,
  };
  switch (cell.source) {
    case 'secret':
      return { ...resource, jwt: { ...jwt, secret: key.pem } };
    case 'plain':
      return { ...resource, jwt: { ...jwt, keys: [localKey('OCT', cell, { k: key.pem })] } };
    case 'PEM':
      return { ...resource, jwt: { ...jwt, keys: [localKey(kty(key), cell, { pub: key.pem })] } };
    case 'jwks':
      return { ...resource, jwt, jwks_uri: JWKS_URI };
    case 'discovery':
      return { ...resource, jwt };
  }
}

function localKey(type: string, { alg }: Cell, material: object): object {
  return { kty: type, alg, format: type === 'OCT' ? 'plain' : 'PEM', ...material };
}

function kty(key: SigningKey): string {
  return key.jwk.kty ?? '';
}
