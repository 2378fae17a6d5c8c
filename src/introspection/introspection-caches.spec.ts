import {
  introspectionFixture,
  type IntrospectionFixture,
} from '../../test/support/introspection-fixture.js';
import {
  startIntrospectionEndpoint,
  type IntrospectionEndpoint,
} from '../../test/support/introspection-endpoint.js';
import { jwksRequests, startJwksServer, type JwksServer } from '../../test/support/jwks-server.js';
import { accessClaims, ecKey, signJwt } from '../../test/support/token-signer.js';
import { tokenDigest } from './jwt/jwt.js';

const key = ecKey('k');
let issuer: JwksServer;
let endpoint: IntrospectionEndpoint;
let fixture: IntrospectionFixture;

beforeEach(async () => {
  issuer = await startJwksServer([key.jwk]);
  endpoint = await startIntrospectionEndpoint();
  endpoint.answers.set('opaque', { active: true });
  fixture = introspectionFixture();
  fixture.introspectors.set(
    { id: 'j', type: 'jwt', jwt: { iss: issuer.issuer }, jwks_uri: issuer.jwksUri },
    { id: 'o', type: 'opaque', introspection_endpoint: { url: endpoint.url } },
  );
});
afterEach(async () => {
  await fixture.stop();
  await endpoint.stop();
  await issuer.stop();
});

describe('the caches of introspection', () => {
  it('forget keys, verified tokens and results, in this process and where instances share', async () => {
    const token = signJwt(key, accessClaims(issuer.issuer, fixture.clock.now()));
    const asked = async (): Promise<readonly number[]> => {
      await expect(fixture.refusals(token)).resolves.toEqual([]);
      await expect(fixture.refusals('opaque')).resolves.toEqual([]);
      return [jwksRequests(issuer), endpoint.askedAbout('opaque')];
    };
    await expect(asked()).resolves.toEqual([1, 1]);
    await expect(asked()).resolves.toEqual([1, 1]);

    fixture.caches.dropCache('second');

    expect(fixture.remembered.read(tokenDigest(token))).toBeUndefined();
    await expect(asked()).resolves.toEqual([2, 2]);
    await expect(asked()).resolves.toEqual([2, 2]);
  });
});
