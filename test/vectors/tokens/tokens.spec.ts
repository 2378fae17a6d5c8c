import { readFileSync } from 'node:fs';
import { introspectionFixture } from '../../support/introspection-fixture.js';
import { accessClaims, rsaKey, signature, signJwt } from '../../support/token-signer.js';

interface ClaimsVector {
  readonly name: string;
  readonly jwt?: object;
  readonly resource?: object;
  readonly header?: Record<string, unknown>;
  readonly omitHeader?: readonly string[];
  readonly claims?: Record<string, unknown>;
  readonly omit?: readonly string[];
  readonly refusal: string | null;
}

interface MalformedVector {
  readonly name: string;
  readonly header?: string;
  readonly payload?: string;
  readonly token?: string;
  readonly refusal: string | null;
}

const ISS = 'https://auth.example.com';
const key = rsaKey('k1');
const keys = [{ kty: 'RSA', alg: 'RS256', format: 'PEM', pub: key.pem }];
const fixture = introspectionFixture();

afterAll(() => fixture.stop());

describe('claims', () => {
  it.each(vectors('claims.json') as ClaimsVector[])('$name', async (vector) => {
    fixture.introspectors.set({
      id: 'i',
      type: 'jwt',
      ...vector.resource,
      jwt: { iss: ISS, keys, ...vector.jwt },
    });
    const header = { ...vector.header, ...omitted(vector.omitHeader) };
    const claims = { ...ordinaryClaims(), ...timed(vector.claims), ...omitted(vector.omit) };

    const refusals = await fixture.refusals(signJwt(key, claims, header));

    expect(refusals[0] ?? null).toBe(vector.refusal);
  });
});

describe('malformed tokens', () => {
  it.each(vectors('malformed.json') as MalformedVector[])('$name', async (vector) => {
    fixture.introspectors.set({ id: 'i', type: 'jwt', jwt: { iss: ISS, keys } });
    const claims = JSON.stringify(ordinaryClaims());
    const header = encode(vector.header ?? '{"alg":"RS256","kid":"k1"}');
    const payload = encode((vector.payload ?? '{claims}').replaceAll('{claims}', claims));
    const token = (vector.token ?? '{header}.{payload}.{signature}')
      .replace('{header}', header)
      .replace('{payload}', payload)
      .replace('{signature}', signature(key, `${header}.${payload}`).toString('base64url'));

    const refusals = await fixture.refusals(token);

    expect(refusals[0] ?? null).toBe(vector.refusal);
  });

  it('judges a token at the greatest length and none beyond it', async () => {
    fixture.introspectors.set({ id: 'i', type: 'jwt', jwt: { iss: ISS, keys } });
    const padded = (length: number): string =>
      signJwt(key, { ...ordinaryClaims(), padding: 'x'.repeat(length) });

    await expect(fixture.refusals(padded(11_500))).resolves.toEqual([]);
    await expect(fixture.refusals(padded(12_500))).resolves.toEqual(['too-long']);
  });

  it('reads 32 levels of claims and no more', async () => {
    fixture.introspectors.set({ id: 'i', type: 'jwt', jwt: { iss: ISS, keys } });
    const nested = (levels: number): string => {
      const deep = `${'['.repeat(levels)}${']'.repeat(levels)}`;
      return signJwt(key, `{"deep":${deep},${JSON.stringify(ordinaryClaims()).slice(1)}`);
    };

    await expect(fixture.refusals(nested(31))).resolves.toEqual([]);
    await expect(fixture.refusals(nested(32))).resolves.toEqual(['malformed']);
    await expect(fixture.refusals(nested(5000))).resolves.toEqual(['malformed']);
  });

  it.each([
    ['of five parts', 'x.y', 'encrypted'],
    ['of three parts, which is signed', '', null],
  ])('takes a token whose header has alg and enc, %s', async (_what, more, refusal) => {
    fixture.introspectors.set({ id: 'i', type: 'jwt', jwt: { iss: ISS, keys } });
    const header = encode('{"alg":"RS256","kid":"k1","enc":"A128GCM"}');
    const input = `${header}.${encode(JSON.stringify(ordinaryClaims()))}`;
    const signed = `${input}.${signature(key, input).toString('base64url')}`;

    const refusals = await fixture.refusals(more === '' ? signed : `${signed}.${more}`);

    expect(refusals[0] ?? null).toBe(refusal);
  });

  it('refuses a payload that is not UTF-8', async () => {
    fixture.introspectors.set({ id: 'i', type: 'jwt', jwt: { iss: ISS, keys } });
    const text = Buffer.from(JSON.stringify({ ...ordinaryClaims(), name: '?' }));
    text[text.lastIndexOf('?')] = 0xff;
    const input = `${encode('{"alg":"RS256"}')}.${text.toString('base64url')}`;
    const token = `${input}.${signature(key, input).toString('base64url')}`;

    await expect(fixture.refusals(token)).resolves.toEqual(['malformed']);
  });
});

function ordinaryClaims(): Readonly<Record<string, unknown>> {
  return accessClaims(ISS, fixture.clock.now());
}

function vectors(file: string): unknown {
  return JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'));
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64url');
}

function omitted(names: readonly string[] = []): Record<string, undefined> {
  return Object.fromEntries(names.map((name) => [name, undefined]));
}

function timed(claims: Record<string, unknown> = {}): Record<string, unknown> {
  const now = fixture.clock.now() / 1000;
  return Object.fromEntries(
    Object.entries(claims).map(([name, value]) => [
      name,
      isOffset(value) ? now + value.$now : value,
    ]),
  );
}

function isOffset(value: unknown): value is { $now: number } {
  return typeof value === 'object' && value !== null && '$now' in value;
}
