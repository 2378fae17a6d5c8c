import { startTestApp } from '../support/test-app.js';
import { accessClaims, secretKey, signJwt } from '../support/token-signer.js';

const ISSUER = 'https://issuer.example';
const KEY = secretKey('a secret of at least thirty-two bytes');

describe('a policy that names only the issuer', () => {
  it.each([
    ['does not open system resources', {}, 403],
    ['opens them as the setting says', { BOX_SECURITY_STRICT_ADMINISTRATION: 'false' }, 200],
  ])('%s', async (_what, env, status) => {
    const app = await startTestApp(env);
    try {
      await app.put('/fhir/TokenIntrospector/i', {
        type: 'jwt',
        jwt: { iss: ISSUER, secret: KEY.pem },
      });
      await app.put('/fhir/AccessPolicy/p', { engine: 'matcho', matcho: { jwt: { iss: ISSUER } } });
      const token = signJwt(KEY, accessClaims(ISSUER));

      const clinical = await app.call('GET', '/fhir/Patient', { token });
      const system = await app.call('GET', '/fhir/User', { token });

      expect([clinical.status, system.status]).toEqual([200, status]);
    } finally {
      await app.stop();
    }
  });
});
