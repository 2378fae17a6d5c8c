import { parse } from 'yaml';
import type { FakeUpstream } from '../support/fake-upstream.js';
import { startGatewayBeforeFake, type FakeGateway } from '../support/gateway-fixture.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { until } from '../support/until.js';

const COMPARTMENT = 'http://hl7.org/fhir/CompartmentDefinition/patient';
const EXPORT = { name: 'export', definition: 'http://example.org/OperationDefinition/export' };

let fixture: FakeGateway;
let upstream: FakeUpstream;
let gateway: TestApp;

beforeAll(async () => {
  fixture = await startGatewayBeforeFake();
  ({ upstream, gateway } = fixture);
});

afterAll(() => fixture.stop());

beforeEach(() => {
  upstream.calls.length = 0;
});

describe('system resources', () => {
  it('are Wardgate’s own', async () => {
    await gateway.put('/fhir/User/u1', { resourceType: 'User', id: 'u1' });

    const read = await gateway.call('GET', '/fhir/User/u1', { asRoot: true });

    expect(read.json).toMatchObject({ resourceType: 'User', id: 'u1' });
    expect(upstream.calls).toEqual([]);
  });
});

describe('readiness', () => {
  it('includes the upstream', async () => {
    const ready = () => gateway.call('GET', '/health/ready');
    await until(200, ready);
    await upstream.stop();

    const { headers } = await until(503, ready);

    expect(headers.get('retry-after')).toBe('2');
    expect((await gateway.call('GET', '/health/live')).status).toBe(200);
    await upstream.start();
    await until(200, ready);
  });
});

describe('metadata', () => {
  it('is YAML however long it is, since it is kept', async () => {
    const other = await startTestApp({ FHIR_UPSTREAM_URL: upstream.url });
    const supportedProfile = Array.from({ length: 4000 }, (_, at) => `http://example.org/p/${at}`);
    const resource = [{ type: 'Patient', supportedProfile }];
    upstream.answerJson({
      resourceType: 'CapabilityStatement',
      date: '2026-11-22T10:00:00Z',
      rest: [{ mode: 'server', resource: [...resource, { ...resource[0], type: 'Group' }] }],
    });
    const headers = { accept: 'text/yaml' };

    const json = await other.call('GET', '/fhir/metadata');
    const yaml = await other.call('GET', '/fhir/metadata', { headers });

    expect(json.text.length).toBeGreaterThan(131_072);
    expect(yaml.text).toMatch(/^resourceType: CapabilityStatement\n/);
    expect(parse(yaml.text)).toEqual(json.json);
    await other.stop();
  });

  it('says what of the upstream is reached, under the rules of Wardgate', async () => {
    upstream.answerJson({
      resourceType: 'CapabilityStatement',
      date: '2026-11-22T10:00:00Z',
      patchFormat: ['application/fhir+json', 'application/json-patch+json', 'application/fhir+xml'],
      rest: [
        {
          mode: 'server',
          security: { service: [{ text: 'none' }] },
          interaction: [{ code: 'batch' }, { code: 'history-system' }, { code: 'own-invention' }],
          operation: [EXPORT],
          compartment: [COMPARTMENT, 'http://example.org/CompartmentDefinition/own-invention'],
          resource: [
            {
              type: 'Patient',
              interaction: [{ code: 'read' }, { code: 'own-invention' }],
              versioning: 'versioned',
              searchParam: [
                { name: 'birthdate', type: 'date' },
                { name: 'own-invention', type: 'string' },
              ],
              searchInclude: ['*', 'Patient:organization'],
              operation: [
                { name: 'everything', definition: `${upstream.url}/OperationDefinition/e` },
                { name: 'expunge', definition: `${upstream.url}/OperationDefinition/x` },
                EXPORT,
              ],
            },
            { type: 'OwnInvention', interaction: [{ code: 'read' }] },
          ],
        },
      ],
    });

    const { status, json } = await gateway.call('GET', '/fhir/metadata');

    const { rest } = json as { rest: readonly Record<string, unknown>[] };
    expect(status).toBe(200);
    expect(json).toMatchObject({
      url: `${gateway.baseUrl}/fhir/metadata`,
      patchFormat: ['application/fhir+json', 'application/json-patch+json'],
    });
    expect(JSON.stringify(rest[0]?.['security'])).toContain('SMART-on-FHIR');
    expect(JSON.stringify(rest[0]?.['extension'])).toContain('TokenIntrospector');
    expect(rest[0]?.['interaction']).toEqual([{ code: 'batch' }, { code: 'history-system' }]);
    expect(rest[0]).not.toHaveProperty('operation');
    expect(rest[0]?.['resource']).toEqual([
      {
        type: 'Patient',
        versioning: 'versioned',
        interaction: [{ code: 'read' }],
        searchInclude: ['Patient:organization'],
        searchParam: [{ name: 'birthdate', type: 'date' }],
        operation: [
          {
            name: 'everything',
            definition: `${gateway.baseUrl}/fhir/OperationDefinition/e`,
          },
        ],
      },
    ]);
    expect(rest[0]?.['compartment']).toEqual([COMPARTMENT]);
    const asked = upstream.calls.length;
    await gateway.call('GET', '/fhir/metadata');
    expect(upstream.calls.length).toBe(asked);
  });

  it('names exports where they are passed', async () => {
    const described = (type: string) => ({ type, operation: [EXPORT] });
    const resource = ['Patient', 'Group', 'Observation'].map(described);
    upstream.answerJson({
      resourceType: 'CapabilityStatement',
      rest: [{ mode: 'server', operation: [EXPORT, { ...EXPORT, name: 'other' }], resource }],
    });
    const exporting = await startTestApp({
      FHIR_UPSTREAM_URL: upstream.url,
      WARDGATE_UPSTREAM_OPERATIONS: 'export,other',
    });
    const { json } = await exporting.call('GET', '/fhir/metadata');
    await exporting.stop();

    const [rest] = json?.['rest'] as readonly Record<string, unknown>[];
    expect(rest?.['operation']).toEqual([EXPORT]);
    expect(rest?.['resource']).toEqual([
      described('Patient'),
      described('Group'),
      { type: 'Observation' },
    ]);
  });
});
