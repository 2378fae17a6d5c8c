import {
  introspectionFixture,
  type IntrospectionFixture,
} from '../../../test/support/introspection-fixture.js';
import { accessClaims, secretKey, signJwt } from '../../../test/support/token-signer.js';

const ISS = 'https://issuer.example';
const SECRET = 'k'.repeat(64);

describe('a JWT that was verified', () => {
  let fixture: IntrospectionFixture;

  beforeEach(() => {
    fixture = introspectionFixture();
    fixture.introspectors.set({ id: 'i', type: 'jwt', jwt: { iss: ISS, secret: SECRET } });
  });
  afterEach(async () => {
    await fixture.stop();
  });

  it('is read and verified once, and judged each time', async () => {
    const token = signJwt(secretKey(SECRET), accessClaims(ISS, fixture.clock.now()));
    const first = await fixture.introspect(token);
    const second = await fixture.introspect(token);
    if (!first.active || !second.active) throw new Error('It is a good token');

    expect(second.claims).toBe(first.claims);
    expect(fixture.remembered.statistics()).toEqual({ size: 1, hits: 1, misses: 1 });
    fixture.clock.advance(3600);
    await expect(fixture.refusals(token)).resolves.toEqual(['expired']);
  });
});
