import { addClient } from '../support/bundle-calls.js';
import type { BulkUpstream } from '../support/bulk-upstream.js';
import {
  ASYNC,
  EXPORT_PATH,
  EXPORTS,
  searchOf,
  startExportFixture,
  type ExportFixture,
} from '../support/export-fixture.js';
import { startTestApp, type Call, type TestApp } from '../support/test-app.js';

let fixture: ExportFixture;
let upstream: BulkUpstream;
let gateway: TestApp;

const ask: ExportFixture['ask'] = (...given) => fixture.ask(...given);
const begin: ExportFixture['begin'] = (...given) => fixture.begin(...given);
const follow: ExportFixture['follow'] = (...given) => fixture.follow(...given);

beforeAll(async () => {
  fixture = await startExportFixture();
  ({ upstream, gateway } = fixture);
  await addClient(gateway, 'careful', [
    EXPORTS,
    searchOf('Patient', { active: 'nil?', name: 'nil?' }),
    searchOf('Observation', { patient: 'present?' }),
  ]);
});

afterAll(() => fixture.stop());

beforeEach(() => {
  upstream.export({ output: [{ type: 'Patient', url: '/files/p', count: 2 }], error: [] });
  upstream.lines();
});

describe('an export of the upstream', () => {
  it('is begun as it was understood, and goes on at Wardgate', async () => {
    const { status, headers, text } = await begin(
      `${EXPORT_PATH}&_since=2026-01-01T00:00:00Z&_outputFormat=application/fhir+ndjson`,
    );
    const [sent] = upstream.calls;

    expect([status, text]).toEqual([202, '']);
    expect(headers.get('content-location')).toContain(
      `${gateway.baseUrl}/fhir/Patient/$export?_type=Patient%2CObservation&_since=`,
    );
    expect(sent?.headers['prefer']).toBe('respond-async, handling=strict');
    expect(upstream.lines()).toEqual([
      'GET /fhir/Patient/$export?_outputFormat=application%2Ffhir%2Bndjson&_since=2026-01-01T00%3A00%3A00Z&_type=Patient%2CObservation',
    ]);
  });

  it.each([
    ['/fhir/$export?_type=Patient', 'GET /fhir/$export?_type=Patient'],
    ['/fhir/Group/g1/$export?_type=Patient', 'GET /fhir/Group/g1/$export?_type=Patient'],
    [
      '/fhir/$export?_type=Patient&_type=Observation&_elements=id,Patient.name&_until=2026-02-01T00:00:00Z',
      'GET /fhir/$export?_until=2026-02-01T00%3A00%3A00Z&_type=Patient%2CObservation&_elements=id%2CPatient.name',
    ],
  ])('may be %s', async (path, line) => {
    expect((await begin(path)).status).toBe(202);
    expect(upstream.lines()).toEqual([line]);
  });

  it('is filtered by what is meant', async () => {
    const filter = (subject: string) =>
      `_typeFilter=${encodeURIComponent(`Observation?code=a,b&subject=${subject}`)}`;
    const path = (subject: string) => `/fhir/$export?_type=Observation&${filter(subject)}`;

    expect((await begin(path(`${gateway.baseUrl}/fhir/Patient/p1`))).status).toBe(202);
    expect(decodeURIComponent(upstream.lines()[0] ?? '')).toBe(
      'GET /fhir/$export?_type=Observation&_typeFilter=Observation?code=a%2Cb&subject=Patient%2Fp1',
    );
    expect((await begin(path(`${upstream.url}/Patient/p1`))).status).toBe(400);
    expect(upstream.lines()).toEqual([]);
  });

  it('takes its parameters as a resource, and goes on with them in the query', async () => {
    const parameter = [
      { name: '_type', valueString: 'Patient' },
      { name: '_type', valueString: 'Observation' },
      { name: '_since', valueInstant: '2026-01-01T00:00:00Z' },
    ];
    const body = { resourceType: 'Parameters', parameter };
    const reply = await ask('POST', '/fhir/$export', 'exporter', { body, headers: ASYNC });

    expect(reply.status).toBe(202);
    expect(upstream.lines()).toEqual([
      'GET /fhir/$export?_since=2026-01-01T00%3A00%3A00Z&_type=Patient%2CObservation',
    ]);
    expect((await follow(reply.headers.get('content-location') ?? '')).status).toBe(202);
  });

  it.each([
    ['is no search', 'searcher', '/fhir/Patient/$export?_type=Patient', 403],
    ['needs each type', 'exporter', '/fhir/$export?_type=Patient,Condition', 403],
    ['needs all types where it names none', 'exporter', '/fhir/$export', 403],
    ['needs all of a type', 'careful', '/fhir/$export?_type=Observation', 403],
    [
      'needs all of a type, whatever it is filtered by',
      'careful',
      '/fhir/$export?_type=Observation&_typeFilter=Observation?patient=p1',
      403,
    ],
    [
      'needs what it is filtered by',
      'careful',
      '/fhir/$export?_type=Patient&_typeFilter=Patient%3Fname%3Dx',
      403,
    ],
    [
      'needs what its filters lead through',
      'exporter',
      '/fhir/$export?_type=Patient&_typeFilter=Patient%3Forganization.name%3Dx',
      403,
    ],
    ['is allowed', 'careful', '/fhir/$export?_type=Patient', 202],
    ['is allowed with all of a type', 'exporter', '/fhir/$export?_type=Observation', 202],
    [
      'is allowed with its filters',
      'exporter',
      '/fhir/$export?_type=Patient&_typeFilter=Patient%3Fname%3Dx',
      202,
    ],
    [
      'is allowed with what its filters lead through',
      'exporter',
      '/fhir/$export?_type=Observation&_typeFilter=Observation%3Fsubject%3APatient.name%3Dx',
      202,
    ],
  ])('%s: %s %s', async (_, client, path, status) => {
    expect((await begin(path, client)).status).toBe(status);
    expect(upstream.lines()).toHaveLength(status === 202 ? 1 : 0);
  });

  it('of all types is for who may search all of them', async () => {
    const reply = await gateway.call('GET', '/fhir/$export', { asRoot: true, headers: ASYNC });

    expect(reply.status).toBe(202);
    expect(upstream.lines()).toEqual(['GET /fhir/$export']);
  });

  it.each([
    ['GET', '/fhir/$export?patient=p1', 400],
    ['GET', '/fhir/$export?includeAssociatedData=x', 400],
    ['GET', '/fhir/$export?_typeFilter=name%3Dx', 400],
    [
      'GET',
      '/fhir/$export?_type=Patient&_typeFilter=Patient%3F_include%3DPatient:organization',
      400,
    ],
    ['GET', '/fhir/$export?_type=User', 400],
    ['GET', '/fhir/$export?_outputFormat=csv', 400],
    ['GET', '/fhir/$export?_format=json', 400],
    ['POST', '/fhir/$export?_job=x', 400],
    ['DELETE', '/fhir/$export', 400],
    ['DELETE', '/fhir/$export?_file=x', 400],
    ['HEAD', '/fhir/$export?_type=Patient', 404],
    ['GET', '/fhir/Observation/$export?_type=Patient', 404],
    ['GET', '/fhir/Patient/p1/$export?_type=Patient', 404],
    ['GET', '/fhir/Group/$export?_type=Patient', 404],
    ['PUT', '/fhir/Patient/$export', 400],
  ])('is not passed as %s %s', async (method, path, status) => {
    const reply = await gateway.call(method, path, {
      asRoot: true,
      headers: ASYNC,
      ...(method === 'PUT' ? { body: { resourceType: 'Patient' } } : {}),
    });

    expect(reply.status).toBe(status);
    expect(upstream.lines()).toEqual([]);
  });

  it('is made later only', async () => {
    expect((await ask('GET', EXPORT_PATH, 'exporter')).status).toBe(400);
    const lenient = await ask('GET', EXPORT_PATH, 'exporter', {
      headers: { prefer: 'x-respond-async' },
    });
    expect(lenient.status).toBe(400);
    expect(upstream.lines()).toEqual([]);
  });
});

describe('without a word of the operator', () => {
  it('exports are not passed', async () => {
    const closed = await startTestApp({ FHIR_UPSTREAM_URL: upstream.url });
    try {
      const call: Call = { asRoot: true, headers: ASYNC };
      expect((await closed.call('GET', '/fhir/$export', call)).status).toBe(404);
      expect((await closed.call('GET', '/fhir/Patient/$export', call)).status).toBe(404);
      expect(upstream.lines().filter((line) => line.includes('export'))).toEqual([]);
    } finally {
      await closed.stop();
    }
  });
});
