import { RecordingLogger } from '../support/recording-logger.js';
import { basic, startTestApp, type Reply, type TestApp } from '../support/test-app.js';

const APP = { authorization: basic('app', 'secret-of-the-app') };
const reads = (type: string) => ({
  engine: 'matcho',
  matcho: {
    client: { id: 'app' },
    params: { 'resource/type': type },
    operation: { id: 'FhirSearch' },
  },
});

describe('policies that are not active', () => {
  let app: TestApp;
  const logger = new RecordingLogger();

  beforeAll(async () => {
    app = await startTestApp({}, undefined, logger);
    await app.put('/Client/app', { secret: 'secret-of-the-app', grant_types: ['basic'] });
    await app.put('/AccessPolicy/reads-patients', reads('Patient'));
  });
  afterAll(async () => {
    await app.stop();
  });

  const search = (type: string): Promise<Reply> =>
    app.call('GET', `/fhir/${type}`, { headers: APP });
  const impact = async (id: string) => {
    const { json, status } = await app.call('GET', `/AccessPolicy/${id}/$impact`, { asRoot: true });
    return { status, ...json } as unknown as Record<string, unknown> & {
      requests: readonly Record<string, unknown>[];
    };
  };
  const counted = async (policy: string): Promise<readonly string[]> => {
    const { text } = await app.call('GET', '/metrics', { asRoot: true });
    return text
      .split('\n')
      .filter((line) => line.startsWith(`wardgate_shadow_policies_total{policy="${policy}"`));
  };

  it('records where a shadow fails without the keys that only the request has', async () => {
    await app.put('/AccessPolicy/closed', {
      engine: 'json-schema',
      status: 'shadow',
      schema: { required: ['body'], properties: { body: { additionalProperties: false } } },
    });
    await app.put('/AccessPolicy/typed', {
      engine: 'json-schema',
      status: 'shadow',
      schema: {
        required: ['body'],
        properties: { body: { additionalProperties: { type: 'null' } } },
      },
    });
    await app.call('POST', '/fhir/Basic', { headers: APP, body: { 'secret-ssn-123': 'x' } });

    expect(logger.lines.filter((line) => line.includes("policy: 'typed'"))).toEqual([
      expect.stringContaining("outcome: 'would-not', at: 'body'"),
    ]);
    expect(logger.lines.join()).not.toContain('secret-ssn-123');
    await app.call('DELETE', '/AccessPolicy/closed', { asRoot: true });
    await app.call('DELETE', '/AccessPolicy/typed', { asRoot: true });
  });

  it('shadows are evaluated and recorded, and decide nothing', async () => {
    await app.put('/AccessPolicy/shadow', { ...reads('Observation'), status: 'shadow' });
    await app.put('/AccessPolicy/twin', { ...reads('Patient'), status: 'shadow' });
    await app.put('/AccessPolicy/draft', { ...reads('Observation'), status: 'draft' });

    expect((await search('Observation')).status).toBe(403);
    expect((await search('Observation')).status).toBe(403);
    expect((await search('Patient')).status).toBe(200);
    expect(await counted('shadow')).toContain(
      'wardgate_shadow_policies_total{policy="shadow",outcome="would-allow"} 2',
    );
    expect(await counted('twin')).toContain(
      'wardgate_shadow_policies_total{policy="twin",outcome="allows-too"} 1',
    );
    expect(await counted('draft')).toEqual([]);
    const wouldAllow = "policy: 'shadow', outcome: 'would-allow'";
    expect(logger.lines.filter((line) => line.includes(wouldAllow))).toHaveLength(2);
  });

  it('shadows that do not hold are recorded with the place', async () => {
    await app.put('/AccessPolicy/narrow', {
      engine: 'matcho',
      status: 'shadow',
      matcho: { operation: { id: 'FhirSearch' }, params: { name: 'present?' } },
    });

    expect((await search('Encounter')).status).toBe(403);
    expect(await counted('narrow')).toEqual([
      'wardgate_shadow_policies_total{policy="narrow",outcome="would-not"} 1',
    ]);
    expect(logger.lines.some((line) => line.includes("at: 'params.name'"))).toBe(true);
  });

  it('shadows keep to the rule of administration', async () => {
    await app.put('/AccessPolicy/gets', {
      engine: 'matcho',
      status: 'shadow',
      matcho: { 'request-method': 'get', scheme: 'http' },
    });

    expect((await search('User')).status).toBe(403);
    expect((await search('Device')).status).toBe(403);
    const lines = await counted('gets');
    expect(lines).toContain(
      'wardgate_shadow_policies_total{policy="gets",outcome="would-allow"} 1',
    );
    await app.call('DELETE', '/AccessPolicy/gets', { asRoot: true });
    expect(await counted('gets')).toEqual([]);
  });

  it('take effect when they are made active', async () => {
    await app.put('/AccessPolicy/later', { ...reads('Condition'), status: 'shadow' });
    expect((await search('Condition')).status).toBe(403);

    await app.put('/AccessPolicy/later', reads('Condition'));
    expect((await search('Condition')).status).toBe(200);
  });

  describe('GET /AccessPolicy/{id}/$impact', () => {
    it('says what a policy that is not active would allow', async () => {
      const { headers } = await search('Observation');
      for (const id of ['shadow', 'draft']) {
        const { requests, ...answer } = await impact(id);

        expect(answer).toMatchObject({
          status: id,
          policy: id,
          change: 'activated',
          complete: true,
        });
        expect(answer['affected']).toBe(requests.length);
        expect(new Set(requests.map(({ uri }) => uri))).toEqual(new Set(['/fhir/Observation']));
        expect(requests[0]).toMatchObject({
          'request-id': headers.get('x-request-id'),
          caller: 'Client/app',
          'request-method': 'get',
          operation: 'FhirSearch',
          recorded: 'deny',
          now: 'deny',
          then: 'allow',
        });
      }
    });

    it('says what would be denied without an active policy', async () => {
      await search('Patient');
      const { requests, change } = await impact('reads-patients');

      expect(change).toBe('removed');
      expect(requests[0]).toMatchObject({
        uri: '/fhir/Patient',
        recorded: 'allow',
        now: 'allow',
        then: 'deny',
      });
    });

    it('says nothing of what another policy allows, too', async () => {
      await app.put('/AccessPolicy/second', reads('Patient'));
      await search('Patient');

      expect((await impact('second'))['affected']).toBe(0);
      expect((await impact('reads-patients'))['affected']).toBe(0);
      expect((await impact('twin'))['affected']).toBe(0);
      await app.call('DELETE', '/AccessPolicy/second', { asRoot: true });
      expect((await impact('reads-patients'))['affected']).toBeGreaterThan(0);
    });

    it('is for administrators, and about policies that exist', async () => {
      await app.put('/AccessPolicy/all', {
        engine: 'matcho',
        matcho: { client: { id: 'app' }, uri: '#^/' },
      });
      const asApp = await app.call('GET', '/AccessPolicy/shadow/$impact', { headers: APP });

      expect(asApp.status).toBe(403);
      expect((await app.call('GET', '/AccessPolicy/shadow', { headers: APP })).status).toBe(200);
      expect((await app.call('GET', '/AccessPolicy/shadow/$impact')).status).toBe(401);
      expect(
        (await app.call('GET', '/fhir/AccessPolicy/shadow/$impact', { asRoot: true })).status,
      ).toBe(200);
      expect((await impact('unknown'))['status']).toBe(404);
      expect((await impact('gets'))['status']).toBe(410);
      expect(
        (await app.call('GET', '/AccessPolicy/shadow/$impact?x=1', { asRoot: true })).status,
      ).toBe(400);
      await app.call('DELETE', '/AccessPolicy/all', { asRoot: true });
    });

    it('replays what a body says, and shows none of it', async () => {
      const write = { subject: 'Patient/secret-subject', resourceType: 'Observation' };
      await app.call('POST', '/fhir/Observation', { headers: APP, body: write });
      await app.put('/AccessPolicy/by-body', {
        engine: 'matcho',
        status: 'shadow',
        matcho: { operation: { id: 'FhirCreate' }, body: { subject: 'Patient/secret-subject' } },
      });
      const answer = await impact('by-body');

      expect(answer['affected']).toBe(1);
      expect(JSON.stringify(answer)).not.toContain('secret-subject');
    });
  });
});
