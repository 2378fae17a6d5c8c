import { basic, startTestApp, type TestApp } from '../support/test-app.js';
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

describe('a policy with an expression that names no type', () => {
  const general = '#^/fhir/[A-Za-z]+(/[0-9a-f-]{36})?$';
  const headers = { authorization: basic('app', 'secret-of-the-app'), 'x-team': 'a' };
  const grant = { engine: 'allow', link: [{ reference: 'Client/app' }] };
  let app: TestApp;

  const createGrant = () =>
    app.call('POST', '/fhir/AccessPolicy', { headers, body: { ...grant, id: 'grant' } });

  beforeAll(async () => {
    app = await startTestApp();
    await app.put('/Client/app', { secret: 'secret-of-the-app', grant_types: ['basic'] });
  });
  afterAll(async () => {
    await app.stop();
  });

  it.each(['uri', 'params'])(
    'of the %s lets nobody make themselves an administrator',
    async (key) => {
      const pattern = key === 'uri' ? general : { 'resource/type': '#^[A-Z][A-Za-z]+$' };
      await app.put('/AccessPolicy/team', {
        engine: 'matcho',
        matcho: { headers: { 'x-team': 'a' }, [key]: pattern },
      });

      expect((await app.call('GET', '/fhir/Patient', { headers })).status).toBe(200);
      expect((await createGrant()).status).toBe(403);
      expect((await app.call('GET', '/fhir/User', { headers })).status).toBe(403);
    },
  );

  it('but the shape of ids does not let them choose an id', async () => {
    await app.put('/AccessPolicy/team', {
      engine: 'matcho',
      matcho: { headers: { 'x-team': 'a' }, uri: '#^/fhir/[A-Za-z]+/pt-[0-9]+$' },
    });
    const write = (path: string, body: object) => app.call('PUT', path, { headers, body });

    expect((await write('/fhir/Patient/pt-1', { resourceType: 'Patient' })).status).toBe(201);
    expect((await write('/fhir/AccessPolicy/pt-1', grant)).status).toBe(403);
  });

  it('is no hindrance to one that names the type', async () => {
    await app.put('/AccessPolicy/named', {
      engine: 'matcho',
      matcho: { headers: { 'x-team': 'a' }, uri: '#^/fhir/AccessPolicy$' },
    });

    expect((await createGrant()).status).toBe(201);
  });
});
