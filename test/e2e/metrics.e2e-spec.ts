import { startIntrospectionEndpoint } from '../support/introspection-endpoint.js';
import { basic, startTestApp, type Reply, type TestApp } from '../support/test-app.js';
import { accessClaims, rsaKey, secretKey, signJwt } from '../support/token-signer.js';

const ISSUER = 'https://issuer.example';
const KEY = secretKey('a secret of at least thirty-two bytes');
const START_TIMEOUT_MS = 60_000;
const SCRAPER = { authorization: basic('prometheus', 'secret-of-the-scraper') };

describe('GET /metrics', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp();
    await app.put('/fhir/TokenIntrospector/one', {
      type: 'jwt',
      jwt: { iss: ISSUER, secret: KEY.pem },
    });
    await app.put('/fhir/AccessPolicy/users', {
      engine: 'matcho',
      matcho: { jwt: { iss: ISSUER } },
    });
    await app.put('/fhir/Client/prometheus', {
      secret: 'secret-of-the-scraper',
      grant_types: ['basic'],
    });
    await app.put('/fhir/AccessPolicy/prometheus', {
      engine: 'matcho',
      link: [{ reference: 'Client/prometheus' }],
      matcho: { operation: { id: 'Metrics' } },
    });
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await app.stop();
  });

  const scrape = (headers: Readonly<Record<string, string>> = {}): Promise<Reply> =>
    app.call('GET', '/metrics', { headers: { ...SCRAPER, ...headers } });
  const value = async (series: string): Promise<number | undefined> => {
    const line = (await scrape()).text.split('\n').find((text) => text.startsWith(`${series} `));
    return line === undefined ? undefined : Number(line.slice(series.length + 1));
  };
  /** By how much a series grew while something was done. */
  const growth = async (series: string, act: () => Promise<unknown>): Promise<number> => {
    const before = (await value(series)) ?? 0;
    await act();
    return ((await value(series)) ?? 0) - before;
  };
  const token = (key = KEY, claims: object = {}): string =>
    signJwt(key, { ...accessClaims(ISSUER), ...claims });
  const read = (bearer: string): Promise<Reply> =>
    app.call('GET', '/fhir/Patient', { token: bearer });

  it('is for whom a policy allows it, and for nobody else', async () => {
    expect((await scrape()).status).toBe(200);
    expect((await app.call('GET', '/metrics')).status).toBe(401);
    expect((await app.call('GET', '/metrics', { asRoot: true })).status).toBe(200);
    expect((await app.call('GET', '/fhir/metrics', { headers: SCRAPER })).status).toBe(403);
    expect((await app.call('GET', '/fhir/Patient', { headers: SCRAPER })).status).toBe(403);
  });

  it('is not opened by a policy for the users of an issuer', async () => {
    expect((await app.call('GET', '/metrics', { token: token() })).status).toBe(403);
    expect((await read(token())).status).toBe(200);
  });

  it('does not make the scraper an administrator', async () => {
    expect((await app.call('GET', '/Operation', { headers: SCRAPER })).status).toBe(403);
  });

  it('answers the text format, whatever Accept says', async () => {
    for (const accept of ['text/plain', 'application/openmetrics-text;version=1.0.0', '*/*']) {
      const reply = await scrape({ accept });

      expect(reply.status).toBe(200);
      expect(reply.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
      expect(reply.headers.get('cache-control')).toBe('no-store');
    }
    expect((await app.call('GET', '/metrics?name[]=up', { headers: SCRAPER })).status).toBe(400);
  });

  it('counts requests by operation and status', async () => {
    const name = 'wardgate_http_request_duration_seconds_count';

    await expect(
      growth(`${name}{operation="FhirSearch",status="200"}`, async () => {
        await read(token());
        await read(token());
      }),
    ).resolves.toBe(2);
    await expect(
      growth(`${name}{operation="FhirSearch",status="401"}`, () => read(token(secretKey('other')))),
    ).resolves.toBe(1);
    await expect(
      growth(`${name}{operation="none",status="200"}`, () => app.call('GET', '/health/live')),
    ).resolves.toBe(1);
    await expect(
      growth(`${name}{operation="none",status="404"}`, () =>
        app.call('GET', '/no/such/route', { asRoot: true }),
      ),
    ).resolves.toBe(1);
  });

  it('counts tokens by introspector and outcome', async () => {
    const outcome = (code: string): string =>
      `wardgate_token_introspections_total{introspector="one",outcome="${code}"}`;

    await expect(growth(outcome('active'), () => read(token()))).resolves.toBe(1);
    await expect(
      growth(outcome('wrong-signature'), () => read(token(secretKey('other')))),
    ).resolves.toBe(1);
    await expect(growth(outcome('expired'), () => read(token(KEY, { exp: 1 })))).resolves.toBe(1);
    const foreign = signJwt(KEY, accessClaims('https://nobody.example'));
    await expect(
      growth('wardgate_token_introspections_total{introspector="",outcome="unknown-issuer"}', () =>
        read(foreign),
      ),
    ).resolves.toBe(1);
  });

  it('counts signatures that were remembered', async () => {
    const again = token(KEY, { jti: 'remembered' });
    const result = (which: string): string => `wardgate_remembered_tokens_total{result="${which}"}`;

    await expect(growth(result('miss'), () => read(again))).resolves.toBe(1);
    await expect(growth(result('hit'), () => read(again))).resolves.toBe(1);
  });

  it('counts what the caches save', async () => {
    const endpoint = await startIntrospectionEndpoint();
    await app.put('/fhir/TokenIntrospector/opaque', {
      type: 'opaque',
      introspection_endpoint: { url: endpoint.url },
    });
    endpoint.answers.set('kept', { active: true });
    const lookup = (cache: string, result: string): string =>
      `wardgate_introspection_cache_lookups_total{cache="${cache}",result="${result}"}`;

    await expect(growth(lookup('shared', 'miss'), () => read('kept'))).resolves.toBe(1);
    await expect(growth(lookup('results', 'hit'), () => read('kept'))).resolves.toBe(1);
    await expect(growth(lookup('results', 'miss'), () => read('unknown'))).resolves.toBe(1);
    await app.call('DELETE', '/fhir/TokenIntrospector/opaque', { asRoot: true });
    await endpoint.stop();
  });

  it('counts an introspector whose provider cannot be asked, and forgets one that is deleted', async () => {
    await app.put('/fhir/TokenIntrospector/gone', {
      type: 'jwt',
      jwks_uri: 'http://127.0.0.1:9/keys',
      jwt: { iss: 'https://gone.example' },
    });
    const series = 'wardgate_token_introspections_total{introspector="gone",outcome="unavailable"}';
    const foreign = signJwt(rsaKey('k1'), accessClaims('https://gone.example'));

    await expect(growth(series, () => read(foreign))).resolves.toBe(1);
    await app.call('DELETE', '/fhir/TokenIntrospector/gone', { asRoot: true });
    await expect(value(series)).resolves.toBeUndefined();
  });

  it('counts decisions by operation and outcome', async () => {
    const decisions = (labels: string): string => `wardgate_decisions_total{${labels}}`;

    await expect(
      growth(decisions('operation="FhirSearch",outcome="allow"'), () => read(token())),
    ).resolves.toBe(1);
    await expect(
      growth(decisions('operation="FhirRead",outcome="no-policy"'), () =>
        app.call('GET', '/fhir/Patient/p1', { headers: SCRAPER }),
      ),
    ).resolves.toBe(1);
    await expect(
      growth(decisions('operation="FhirSearch",outcome="administration"'), () =>
        app.call('GET', '/fhir/User', { token: token() }),
      ),
    ).resolves.toBe(1);
  });

  it('counts secrets that were wrong, and attempts that were throttled', async () => {
    const attempt = () =>
      app.call('GET', '/fhir/Patient', { headers: { authorization: basic('nobody', 'wrong') } });

    await expect(growth('wardgate_failed_attempts_total', attempt)).resolves.toBe(1);
    await expect(
      growth('wardgate_throttled_total{scope="pair"}', async () => {
        for (let done = 0; done < 12; done += 1) await attempt();
      }),
    ).resolves.toBe(3);
    await expect(value('wardgate_throttle_blocks_total{scope="pair"}')).resolves.toBe(1);
    await expect(value('wardgate_throttle_blocks_total{scope="account"}')).resolves.toBe(0);
  });

  it('shows the state of the instance', async () => {
    await expect(
      growth('wardgate_configuration_revision', () => app.put('/fhir/Role/r', ROLE)),
    ).resolves.toBe(1);
    await expect(value('wardgate_configuration_age_seconds')).resolves.toBeLessThan(5);
    await expect(value('wardgate_database_connections{state="used"}')).resolves.toEqual(
      expect.any(Number),
    );
    const { text } = await scrape();
    expect(text).toMatch(/^wardgate_build_info\{version="[^"]+",node="[^"]+"\} 1$/m);
    expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
    expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds /m);
  });

  it('has no label that a caller chose', async () => {
    await app.call('GET', '/fhir/Patient/chosen-by-me', { token: token() });
    await app.call('GET', '/chosen-by-me', { headers: { authorization: basic('chosen', 'x') } });
    await read(signJwt(KEY, accessClaims('https://chosen.example')));

    expect((await scrape()).text).not.toContain('chosen');
  });
});

const ROLE = { name: 'nurse', user: { reference: 'User/admin' } };
