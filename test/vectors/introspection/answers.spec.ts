import { readFileSync } from 'node:fs';
import { introspectionFixture } from '../../support/introspection-fixture.js';
import {
  startIntrospectionEndpoint,
  type IntrospectionEndpoint,
} from '../../support/introspection-endpoint.js';
import { accessClaims } from '../../support/token-signer.js';

interface AnswerVector {
  readonly name: string;
  readonly jwt?: object;
  readonly answer?: Record<string, unknown>;
  readonly omit?: readonly string[];
  readonly refusal: string | null;
}

const ISS = 'https://auth.example.com';
const VECTORS = JSON.parse(
  readFileSync(new URL('answers.json', import.meta.url), 'utf8'),
) as AnswerVector[];
const fixture = introspectionFixture();
let endpoint: IntrospectionEndpoint;

beforeAll(async () => {
  endpoint = await startIntrospectionEndpoint();
});
afterAll(async () => {
  await fixture.stop();
  await endpoint.stop();
});

describe('an answer to introspection', () => {
  it.each(VECTORS)('$name', async ({ name, jwt = {}, answer = {}, omit = [], refusal }) => {
    const now = fixture.clock.now();
    const ordinary = { active: true, ...accessClaims(ISS, now), ...timed(answer, now / 1000) };
    const omitted = Object.fromEntries(omit.map((member) => [member, undefined]));
    endpoint.answers.set(name, { ...ordinary, ...omitted });
    const introspection_endpoint = { url: endpoint.url };
    fixture.introspectors.set({ id: 'o', type: 'opaque', introspection_endpoint, jwt });

    const judged = await fixture.introspect(name);
    const again = await fixture.introspect(name);

    expect(judged.active ? null : judged.refusals).toEqual(
      refusal === null ? null : [{ code: refusal, introspectorId: 'o' }],
    );
    expect(judged).toMatchObject(judged.active ? { type: 'opaque', claims: answered(name) } : {});
    expect(again).toEqual(judged);
    expect(endpoint.askedAbout(name)).toBe(1);
  });
});

function answered(token: string): object {
  return JSON.parse(JSON.stringify(endpoint.answers.get(token))) as object;
}

function timed(members: Record<string, unknown>, now: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(members).map(([name, value]) => [
      name,
      isOffset(value) ? now + value.$now : value,
    ]),
  );
}

function isOffset(value: unknown): value is { $now: number } {
  return typeof value === 'object' && value !== null && '$now' in value;
}
