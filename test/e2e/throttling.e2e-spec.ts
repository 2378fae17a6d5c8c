import { RecordingLogger } from '../support/recording-logger.js';
import { basic, ROOT_SECRET, startTestApp, type Reply, type TestApp } from '../support/test-app.js';
import { accessClaims, secretKey, signJwt } from '../support/token-signer.js';

const ISSUER = 'https://issuer.example';
const KEY = secretKey('a secret of at least thirty-two bytes');
const START_TIMEOUT_MS = 60_000;

const ENV = {
  BOX_WEB_TRUSTED_PROXIES: '127.0.0.1',
  BOX_SECURITY_THROTTLE_FAILURES: '3',
  BOX_SECURITY_THROTTLE_ADDRESS_FAILURES: '5',
  BOX_SECURITY_THROTTLE_ACCOUNT_FAILURES: '6',
  BOX_SECURITY_THROTTLE_BLOCK: '20m',
};

describe('wrong secrets', () => {
  const logger = new RecordingLogger();
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp(ENV, undefined, logger);
    await app.put('/fhir/TokenIntrospector/i', {
      type: 'jwt',
      jwt: { iss: ISSUER, secret: KEY.pem },
    });
    for (const id of ['one', 'two', 'three', 'four', 'five']) {
      await app.put(`/fhir/Client/${id}`, { secret: `secret-of-${id}`, grant_types: ['basic'] });
    }
    await app.put('/fhir/AccessPolicy/read', {
      engine: 'matcho',
      matcho: { uri: '/fhir/Patient', client: 'present?' },
    });
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await app.stop();
  });

  const read = (id: string, secret: string, address: string): Promise<Reply> =>
    app.call('GET', '/fhir/Patient', {
      headers: { authorization: basic(id, secret), 'x-forwarded-for': address },
    });
  const statuses = async (times: number, id: string, secret: string, address: string) => {
    const found: number[] = [];
    for (let done = 0; done < times; done += 1) {
      found.push((await read(id, secret, address)).status);
    }
    return found;
  };

  it('block the account at that address, whatever the secret, and say for how long', async () => {
    expect(await statuses(5, 'one', 'wrong', '192.0.2.1')).toEqual([401, 401, 401, 429, 429]);
    const reply = await read('one', 'secret-of-one', '192.0.2.1');

    expect(reply.status).toBe(429);
    expect(reply.headers.get('retry-after')).toMatch(/^1(1[0-9]{2}|200)$/);
    expect(reply.headers.get('www-authenticate')).toBeNull();
    expect(reply.headers.get('content-type')).toContain('application/fhir+json');
    expect(reply.json).toMatchObject({
      resourceType: 'OperationOutcome',
      issue: [{ severity: 'error', code: 'throttled' }],
    });
  });

  it('do not block it elsewhere, nor others there', async () => {
    expect(await statuses(1, 'one', 'secret-of-one', '192.0.2.2')).toEqual([200]);
    expect(await statuses(1, 'two', 'secret-of-two', '192.0.2.1')).toEqual([200]);
  });

  it('of Clients that do not exist are told apart by nothing', async () => {
    expect(await statuses(4, 'nobody', 'wrong', '192.0.2.3')).toEqual([401, 401, 401, 429]);
    expect(await statuses(4, 'three', 'wrong', '192.0.2.4')).toEqual([401, 401, 401, 429]);
  });

  it('of many accounts block the address, except for who was there before', async () => {
    expect(await statuses(1, 'four', 'secret-of-four', '192.0.2.5')).toEqual([200]);
    for (const id of ['a', 'b', 'c', 'd', 'e']) {
      expect(await statuses(1, id, 'wrong', '192.0.2.5')).toEqual([401]);
    }

    expect(await statuses(1, 'two', 'secret-of-two', '192.0.2.5')).toEqual([429]);
    expect(await statuses(1, 'four', 'secret-of-four', '192.0.2.5')).toEqual([200]);
    expect(await statuses(1, 'two', 'secret-of-two', '192.0.2.6')).toEqual([200]);
  });

  it('from many addresses never lock out who is known', async () => {
    expect(await statuses(1, 'five', 'secret-of-five', '192.0.2.7')).toEqual([200]);
    for (let host = 1; host <= 6; host += 1) {
      expect(await statuses(1, 'five', 'wrong', `198.51.100.${host}`)).toEqual([401]);
    }

    expect(await statuses(1, 'five', 'secret-of-five', '198.51.100.99')).toEqual([429]);
    expect(await statuses(1, 'five', 'secret-of-five', '192.0.2.7')).toEqual([200]);
  });

  it('are counted under the address of the socket where no proxy is trusted', async () => {
    const other = await startTestApp({ BOX_SECURITY_THROTTLE_FAILURES: '2' });
    try {
      const send = (address: string) =>
        other.call('GET', '/fhir/Patient', {
          headers: { authorization: basic('one', 'wrong'), 'x-forwarded-for': address },
        });
      const found = [];
      for (let host = 1; host <= 3; host += 1) found.push((await send(`192.0.2.${host}`)).status);

      expect(found).toEqual([401, 401, 429]);
      expect((await other.call('GET', '/fhir/Patient', { asRoot: true })).status).toBe(200);
    } finally {
      await other.stop();
    }
  });

  it('are not what a bearer token is: however many are bad, each is judged', async () => {
    const forged = signJwt(secretKey('another secret'), accessClaims(ISSUER));
    const found = new Set<number>();
    for (let done = 0; done < 200; done += 1) {
      found.add((await app.call('GET', '/fhir/Patient', { token: forged })).status);
    }

    expect([...found]).toEqual([401]);
  });

  it('are logged as blocks, without the secret and without the name of nobody', () => {
    const said = logger.lines.join('\n');

    expect(said).toContain('Too many attempts with a wrong secret');
    expect(said).toContain("account: 'Client/one'");
    expect(said).not.toContain('Client/nobody');
    expect(said).not.toContain(ROOT_SECRET);
    expect(said).not.toContain('secret-of-one');
  });
});
