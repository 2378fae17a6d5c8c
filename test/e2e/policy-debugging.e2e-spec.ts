import { RecordingLogger } from '../support/recording-logger.js';
import { basic, startTestApp, type TestApp } from '../support/test-app.js';

const AS_TRIAL = { authorization: basic('trial', 'trial-secret') };

/** What both servers of this file hold: a Client that may read Patients, and a pattern that fails. */
async function prepare(app: TestApp): Promise<void> {
  await app.put('/Client/trial', { secret: 'trial-secret', grant_types: ['basic'] });
  await app.put('/AccessPolicy/reads-patients', {
    engine: 'matcho',
    matcho: { client: { id: 'trial' }, params: { 'resource/type': 'Patient' } },
  });
  await app.put('/AccessPolicy/writes-clients', {
    engine: 'matcho',
    matcho: { client: { id: 'trial' }, body: { secret: 'another', name: 'x' } },
  });
  await app.put('/AccessPolicy/draft', { engine: 'allow', status: 'draft' });
}

describe('debugging policies in development mode', () => {
  const logger = new RecordingLogger();
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp({ BOX_SECURITY_DEV_MODE: 'true' }, undefined, logger);
    await prepare(app);
  });
  afterAll(async () => {
    await app.stop();
  });
  beforeEach(() => {
    logger.lines.length = 0;
  });

  const traced = (method: string, path: string, body?: unknown) =>
    app.call(method, path, { headers: AS_TRIAL, ...(body === undefined ? {} : { body }) });
  const traces = () => logger.lines.filter((line) => line.includes('PolicyTrace'));

  it('answers the request object and what every policy says instead of executing', async () => {
    const { status, json } = await traced('GET', '/fhir/Patient/p1?_x=1&__debug=policy');

    expect(status).toBe(200);
    expect(json?.['request']).toMatchObject({
      uri: '/fhir/Patient/p1',
      'request-method': 'get',
      'query-string': '_x=1',
      params: { 'resource/type': 'Patient', 'resource/id': 'p1', _x: '1' },
      operation: { id: 'FhirRead' },
      client: { id: 'trial' },
    });
    expect(json?.['request']).not.toHaveProperty('params.__debug');
    expect(json).toMatchObject({ decision: 'allow', policy: 'reads-patients' });
    expect(json?.['policies']).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          id: 'draft',
          applies: false,
          reason: 'status',
          evalResult: false,
        }),
        {
          ...{ id: 'reads-patients', 'policy-id': 'reads-patients', applies: true, reason: null },
          ...{ evalResult: true, 'eval-result': true },
        },
        expect.objectContaining({ id: 'writes-clients', evalResult: false, reason: 'mismatch' }),
        expect.objectContaining({ id: 'root-client', applies: false, reason: 'link' }),
      ]),
    );
  });

  it('executes nothing, allowed or denied', async () => {
    const allowed = await traced('PUT', '/fhir/Patient/p1?__debug=policy', {
      resourceType: 'Patient',
      id: 'p1',
    });
    const denied = await traced('DELETE', '/AccessPolicy/draft?__debug=policy');

    expect(allowed.json).toMatchObject({ decision: 'allow' });
    expect(denied.status).toBe(200);
    expect(denied.json).toMatchObject({ decision: 'deny', policy: null });
    expect((await traced('GET', '/fhir/Patient/p1')).status).toBe(404);
    expect((await app.call('GET', '/AccessPolicy/draft', { asRoot: true })).status).toBe(200);
  });

  it('shows no secret: not the credential, nor one in the body, the query or a mismatch', async () => {
    const body = {
      secret: 'S3CRET-1',
      jwks: { keys: [{ k: 'S3CRET-2' }] },
      auth: { password: { x: 'S3CRET-3' } },
    };
    const put = await traced('PUT', '/Client/c1?__debug=policy&client_secret=S3CRET-4', body);
    const patch = await traced('PATCH', '/Client/c1?__debug=policy', [
      { op: 'add', path: '/secret', value: 'S3CRET-5' },
    ]);

    expect(put.json).toMatchObject({ request: { body: { secret: '[redacted]' } } });
    expect(put.text).toContain('client_secret=[redacted]');
    expect(put.text + patch.text).not.toMatch(/S3CRET|trial-secret|sha256/);
  });

  it('answers in YAML where that is asked for', async () => {
    const reply = await traced('GET', '/fhir/Patient?__debug=policy&_format=yaml');

    expect(reply.headers.get('content-type')).toContain('text/yaml');
    expect(reply.text).toContain('evalResult: true');
  });

  it('is nothing for anonymous callers', async () => {
    const reply = await app.call('GET', '/fhir/Patient?__debug=policy');

    expect(reply.status).toBe(401);
    expect(reply.text).not.toContain('policies');
  });

  it('is an ordinary parameter with any other value', async () => {
    expect((await traced('GET', '/fhir/Patient?__debug=other')).status).toBe(400);
  });

  it('logs the trace for x-debug and answers as without it', async () => {
    const headers = { ...AS_TRIAL, 'x-debug': 'policy' };
    const reply = await app.call('GET', '/fhir/Patient', { headers });

    expect(reply.json).toMatchObject({ resourceType: 'Bundle' });
    expect(traces()).toHaveLength(1);
    expect(traces()[0]).toContain('writes-clients');
    expect(traces()[0]).toContain(reply.headers.get('x-request-id'));
    expect(traces()[0]).not.toMatch(/trial-secret/);
  });

  it('logs no trace without x-debug', async () => {
    await traced('GET', '/fhir/Patient');

    expect(traces()).toHaveLength(0);
  });
});

describe('debugging policies outside development mode', () => {
  const logger = new RecordingLogger();
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp({}, undefined, logger);
    await prepare(app);
  });
  afterAll(async () => {
    await app.stop();
  });

  it('is an unknown parameter, for administrators too', async () => {
    for (const call of [{ asRoot: true }, { headers: AS_TRIAL }]) {
      const search = await app.call('GET', '/fhir/Patient?__debug=policy', call);
      const read = await app.call('GET', '/fhir/Patient/p1?__debug=policy', call);

      expect([search.status, read.status]).toEqual([400, 400]);
      expect(search.text + read.text).not.toContain('evalResult');
    }
  });

  it('logs nothing for x-debug', async () => {
    logger.lines.length = 0;
    const reply = await app.call('GET', '/fhir/Patient', {
      asRoot: true,
      headers: { 'x-debug': 'policy' },
    });

    expect(reply.status).toBe(200);
    expect(logger.lines.filter((line) => line.includes('PolicyTrace'))).toHaveLength(0);
  });
});
