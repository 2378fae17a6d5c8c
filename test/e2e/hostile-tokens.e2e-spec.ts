import { readFileSync } from 'node:fs';
import { hostileKeys, hostileToken, type HostileToken } from '../support/hostile-token.js';
import { startJwksServer, type JwksServer } from '../support/jwks-server.js';
import { RecordingLogger } from '../support/recording-logger.js';
import { startTestApp, type Reply, type TestApp } from '../support/test-app.js';
import { accessClaims, rsaKey, signJwt } from '../support/token-signer.js';
import { until } from '../support/until.js';

/** A start makes a database and an application. */
const START_TIMEOUT_MS = 60_000;

const file = new URL('../vectors/hostile/tokens.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as readonly HostileToken[];
const INVALID_TOKEN = 'Bearer realm="fhir", error="invalid_token"';

describe('a bearer token', () => {
  const keys = hostileKeys();
  const logger = new RecordingLogger();
  let app: TestApp;
  let issuer: JwksServer;
  let trap: JwksServer;

  beforeAll(async () => {
    issuer = await startJwksServer([keys.issuer.jwk, keys.ec.jwk]);
    // Were it asked for keys, it would vouch for the attacker.
    trap = await startJwksServer([keys.attacker.jwk]);
    app = await startTestApp({}, undefined, logger);
    await configure();
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await app.stop();
    await issuer.stop();
    await trap.stop();
  });

  async function configure(): Promise<void> {
    const introspector = (id: string, jwt: object, more: object = {}) =>
      app.put(`/fhir/TokenIntrospector/${id}`, { type: 'jwt', jwt, ...more });
    await introspector('issuer', { iss: issuer.issuer }, { jwks_uri: issuer.jwksUri });
    await introspector(
      'off',
      { iss: 'https://off.example' },
      { jwks_uri: issuer.jwksUri, active: false },
    );
    await introspector('fallback', {
      secret: keys.fallback.pem,
      issuers: ['https://extra.example'],
    });
    await app.put('/fhir/User/plain', {});
    await app.put('/fhir/User/local', { password: 'long enough' });
    await app.put('/fhir/User/linked', {});
    await app.put('/fhir/User/gone', { inactive: true });
    await app.put('/fhir/AccessPolicy/linked', {
      engine: 'allow',
      link: [{ reference: 'User/linked' }],
    });
    // Whoever is authenticated gets in, so that 401 tells that the token was not accepted.
    await app.put('/fhir/AccessPolicy/any', { engine: 'matcho', matcho: { jwt: 'present?' } });
  }

  const read = (token: string): Promise<Reply> => app.call('GET', '/fhir/Patient', { token });

  it.each(vectors)('$name', async (vector) => {
    const token = hostileToken(vector, keys, { issuer: issuer.issuer, trap: trap.issuer });

    const reply = await read(token);

    expect(reply.status).toBe(vector.status);
    expectNoTraceOf(token, reply);
    if (vector.status === 401) expectRefusal(reply);
  });

  it('never makes the server ask whom it names', () => {
    expect([...trap.requests]).toEqual([]);
    expect(issuer.requests.size).toBeGreaterThan(0);
  });

  it('is no better for being refused before, or for another that is valid', async () => {
    const valid = signJwt(keys.issuer, accessClaims(issuer.issuer));
    const [header, payload] = valid.split('.');
    const forged = signJwt(keys.attacker, accessClaims(issuer.issuer));
    const mixed = `${header}.${payload}.${forged.split('.')[2]}`;

    const statuses = [];
    for (const token of [mixed, valid, mixed, valid]) statuses.push((await read(token)).status);

    expect(statuses).toEqual([401, 200, 401, 200]);
  });

  describe('whose issuer is down', () => {
    const key = rsaKey('d1');
    let down: JwksServer;

    beforeAll(async () => {
      down = await startJwksServer([key.jwk]);
      await app.put('/fhir/TokenIntrospector/down', {
        type: 'jwt',
        jwt: { iss: down.issuer },
        jwks_uri: down.jwksUri,
      });
    }, START_TIMEOUT_MS);
    afterAll(async () => {
      await down.stop();
    });

    // A call that failed is not repeated for a moment, so that a flood of tokens costs the issuer nothing.
    it('is answered 503 while no keys are known, and accepted once they can be had', async () => {
      const token = signJwt(key, accessClaims(down.issuer));

      down.mode = 'down';
      const before = await read(token);
      down.mode = 'up';
      const after = await until(200, () => read(token));

      expect([before.status, after.status]).toEqual([503, 200]);
      expect(Number(before.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(before.headers.get('www-authenticate')).toBeNull();
      expect(before.json).toMatchObject({
        resourceType: 'OperationOutcome',
        issue: [{ code: 'transient' }],
      });
      expectNoTraceOf(token, before);
    });

    it('is still judged by the keys that are known', async () => {
      down.mode = 'up';
      await until(200, () => read(signJwt(key, accessClaims(down.issuer))));
      down.mode = 'down';

      const fresh = await read(signJwt(key, { ...accessClaims(down.issuer), jti: 'new' }));
      const forged = await read(signJwt(rsaKey('d1'), accessClaims(down.issuer)));

      expect([fresh.status, forged.status]).toEqual([200, 401]);
    });

    it('keeps no token of another issuer out', async () => {
      down.mode = 'down';

      expect((await read(signJwt(keys.issuer, accessClaims(issuer.issuer)))).status).toBe(200);
    });
  });

  function expectRefusal(reply: Reply): void {
    // A bound token draws the challenge of the other scheme besides.
    const [bearer] = reply.headers.get('www-authenticate')?.split(', DPoP ') ?? [];
    expect(bearer).toBe(INVALID_TOKEN);
    expect(reply.headers.get('content-type')).toBe('application/fhir+json; charset=utf-8');
    expect(reply.json).toMatchObject({
      resourceType: 'OperationOutcome',
      issue: [{ severity: 'error', code: 'login' }],
    });
  }

  /** Neither the token nor its payload or signature, in which a secret would be. */
  function expectNoTraceOf(token: string, reply: Reply): void {
    const said = [reply.text, ...[...reply.headers].flat(), ...logger.lines].join('\n');
    const [, ...rest] = token.split('.');
    for (const part of [token, ...rest].filter(({ length }) => length > 8)) {
      expect(said.includes(part)).toBe(false);
    }
  }

  it('leaves a record of the decision in the log, without itself', () => {
    expect(logger.lines.some((line) => line.includes("effect: 'allow'"))).toBe(true);
  });
});
