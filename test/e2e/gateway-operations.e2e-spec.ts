import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { addClient, callAs } from '../support/bundle-calls.js';
import { startTestApp, type Call, type TestApp } from '../support/test-app.js';

/** One resource, where that is asked for. */
function answerTo(url: string): object | undefined {
  if (url.includes('$validate')) return { resourceType: 'OperationOutcome' };
  return url.endsWith('/Patient/p1') ? { resourceType: 'Patient', id: 'p1' } : undefined;
}

/** Answers every other request with a Bundle that has a further page. */
function startUpstream(lines: string[]): Promise<Server> {
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    lines.push(`${method} ${url}`);
    const link = [{ relation: 'next', url: `http://${headers.host ?? ''}/fhir?_getpages=1` }];
    response.setHeader('content-type', 'application/fhir+json');
    response.end(
      JSON.stringify(answerTo(url) ?? { resourceType: 'Bundle', type: 'searchset', link }),
    );
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve(server);
    });
  });
}

describe('an operation of the upstream', () => {
  const lines: string[] = [];
  let upstream: Server;
  let upstreamUrl: string;
  let gateway: TestApp;
  /** Before a FHIR server of which nothing is known. */
  let doubting: TestApp;

  const ask = (method: string, path: string, client: string, call: Call = {}) =>
    callAs(gateway, client, method, path, call);
  const taken = () => lines.splice(0);

  beforeAll(async () => {
    upstream = await startUpstream(lines);
    upstreamUrl = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/fhir`;
    gateway = await startTestApp({
      FHIR_UPSTREAM_URL: upstreamUrl,
      WARDGATE_UPSTREAM_OPERATIONS: 'lastn,match,everything',
      WARDGATE_UPSTREAM_EVERYTHING: 'compartment',
    });
    doubting = await startTestApp({ FHIR_UPSTREAM_URL: upstreamUrl });
    const everything = { operation: { id: 'FhirEverything' }, params: { 'resource/id': 'p1' } };
    const observations = {
      operation: { id: 'FhirCompartmentSearch' },
      params: { 'resource/id': 'p1', 'compartment/type': 'Observation' },
    };
    const practitioners = {
      operation: { id: 'FhirSearch' },
      params: { 'resource/type': 'Practitioner' },
    };
    await addClient(gateway, 'everything', [everything, observations, practitioners]);
    await addClient(gateway, 'reads', [
      { operation: { id: 'FhirRead' } },
      { operation: { id: 'FhirSearch' } },
    ]);
    await addClient(gateway, 'lastn', [
      { operation: { id: 'FhirOperation' }, params: { 'operation/name': 'lastn' } },
      { operation: { id: 'FhirOperation' }, params: { 'operation/name': 'reindex' } },
    ]);
    await addClient(gateway, 'validates', [{ operation: { id: 'FhirValidate' } }]);
  });
  afterAll(async () => {
    await gateway.stop();
    await doubting.stop();
    upstream.close();
  });

  beforeEach(() => {
    taken();
  });

  describe('$everything', () => {
    it('is decided for each type that it may answer', async () => {
      const path = '/fhir/Patient/p1/$everything?_type=Observation,Practitioner';

      expect((await ask('GET', path, 'everything')).status).toBe(200);
      expect(taken()).toEqual([
        'GET /fhir/Patient/p1/$everything?_type=Observation%2CPractitioner',
      ]);
      for (const more of ['?_type=Observation,Condition', '?_type=Organization', '']) {
        const refused = await ask('GET', `/fhir/Patient/p1/$everything${more}`, 'everything');
        expect([more, refused.status]).toEqual([more, 403]);
      }
      expect(taken()).toEqual([]);
      expect(
        (await gateway.call('GET', '/fhir/Patient/p1/$everything', { asRoot: true })).status,
      ).toBe(200);
    });

    it('is for who may search every type as a whole, unless the upstream keeps within it', async () => {
      const everything = { operation: { id: 'FhirEverything' } };
      const searches = { operation: { id: 'FhirSearch' } };
      const own = {
        operation: { id: 'FhirCompartmentSearch' },
        params: { 'resource/id': 'p1' },
      };
      const observations = { ...searches, params: { 'resource/type': 'Observation' } };
      await addClient(doubting, 'doctor', [everything, searches]);
      await addClient(doubting, 'patient', [everything, own, observations]);
      const path = '/fhir/Patient/p1/$everything';
      const by = async (client: string, target: string) =>
        (await callAs(doubting, client, 'GET', target)).status;

      expect(await by('doctor', path)).toBe(200);
      expect(await by('doctor', `${path}?_type=Observation`)).toBe(200);
      taken();
      expect(await by('patient', path)).toBe(403);
      expect(await by('patient', `${path}?_type=Observation`)).toBe(403);
      expect(await by('doctor', `${path}?_type=User`)).toBe(400);
      expect(taken()).toEqual([]);
    });

    it('takes its parameters as a resource, too', async () => {
      const parameter = [{ name: '_type', valueCode: 'Observation' }];
      const body = { resourceType: 'Parameters', parameter };
      const reply = await ask('POST', '/fhir/Patient/p1/$everything', 'everything', { body });

      expect(reply.status).toBe(200);
      expect(taken()).toEqual(['GET /fhir/Patient/p1/$everything?_type=Observation']);
    });

    it('is no read and no search', async () => {
      expect((await ask('GET', '/fhir/Patient/p1/$everything', 'reads')).status).toBe(403);
      expect((await ask('GET', '/fhir/Patient/$everything', 'reads')).status).toBe(403);
      expect((await ask('GET', '/fhir/Patient/p1', 'reads')).status).toBe(200);
      expect(taken()).toEqual(['GET /fhir/Patient/p1']);
    });

    it.each([
      ['another type', '/fhir/Group/g1/$everything', 404],
      ['an unknown parameter', '/fhir/Patient/p1/$everything?colour=x', 400],
      ['a parameter twice', '/fhir/Patient/p1/$everything?_count=1&_count=2', 400],
      ['the cursor of the store', '/fhir/Patient/p1/$everything?_after=x', 400],
      ['a type that R4 has not', '/fhir/Patient/p1/$everything?_type=User', 400],
      ['a day that is none', '/fhir/Patient/p1/$everything?start=x', 400],
    ])('is refused with %s', async (_, path, status) => {
      expect((await gateway.call('GET', path, { asRoot: true })).status).toBe(status);
      expect(taken()).toEqual([]);
    });

    it('has pages, each decided as the first', async () => {
      const path = '/fhir/Patient/p1/$everything?_type=Observation';
      const { json } = await ask('GET', path, 'everything');
      const [{ url }] = json?.['link'] as [{ url: string }];
      taken();

      expect(url.startsWith(`${gateway.baseUrl}${path}&_page=`)).toBe(true);
      expect((await ask('GET', url.replace(gateway.baseUrl, ''), 'everything')).status).toBe(200);
      expect(taken()).toEqual(['GET /fhir?_getpages=1']);
    });
  });

  describe('that the operator has named', () => {
    it.each([
      ['GET', '/fhir/Observation/$lastn?max=3'],
      ['POST', '/fhir/Observation/$lastn'],
      ['GET', '/fhir/Patient/p1/$lastn'],
    ])('is passed if a policy names it, too: %s %s', async (method, path) => {
      const call = method === 'POST' ? { body: { resourceType: 'Parameters' } } : {};

      expect((await ask(method, path, 'lastn', call)).status).toBe(200);
      expect(taken()).toEqual([`${method} ${path}`]);
      expect((await ask(method, path, 'reads', call)).status).toBe(403);
      expect((await ask(method, path.replace('lastn', 'match'), 'lastn', call)).status).toBe(403);
      expect(taken()).toEqual([]);
    });

    it('keeps the links of its answer as they are: somebody may have written them', async () => {
      const { json } = await ask('GET', '/fhir/Observation/$lastn', 'lastn');

      expect(json?.['link']).toEqual([{ relation: 'next', url: `${upstreamUrl}?_getpages=1` }]);
    });
  });

  it.each([
    ['GET', '/fhir/Patient/$reindex'],
    ['POST', '/fhir/Patient/$reindex'],
    ['POST', '/fhir/Patient/p1/$reindex'],
    ['GET', '/fhir/Patient/$export'],
    ['GET', '/fhir/$export'],
    ['POST', '/fhir/$lastn'],
    ['GET', '/fhir/User/$lastn'],
    ['POST', '/fhir/Patient/$everything'],
    ['DELETE', '/fhir/Patient/$lastn'],
    ['PUT', '/fhir/Patient/$lastn'],
  ])('that is not known here is never passed: %s %s', async (method, path) => {
    const body = { resourceType: 'Patient' };
    const { status } = await gateway.call(method, path, {
      asRoot: true,
      ...(method === 'GET' ? {} : { body }),
    });

    expect([400, 404]).toContain(status);
    expect(taken()).toEqual([]);
  });

  it.each([
    ['/fhir/Observation/$validate', 'validates'],
    ['/fhir/Observation/o1/$validate', 'validates'],
    ['/fhir/Observation/$lastn', 'lastn'],
  ])('has no references by criteria, which it may resolve: %s', async (path, client) => {
    const parameters = (reference: string) => ({
      resourceType: 'Parameters',
      parameter: [
        { name: 'resource', resource: { resourceType: 'Observation', subject: { reference } } },
      ],
    });
    const call = (reference: string) => ({ body: parameters(reference) });

    for (const criteria of ['Patient?identifier=x', 'http://x.example/Patient?name=y']) {
      expect((await ask('POST', path, client, call(criteria))).status).toBe(400);
    }
    expect(taken()).toEqual([]);
    expect((await ask('POST', path, client, call('Patient/p1'))).status).toBe(200);
    expect(taken()).toEqual([`POST ${path}`]);
  });

  it('$validate is passed as it was understood', async () => {
    const body = { resourceType: 'Patient' };

    expect((await ask('POST', '/fhir/Patient/$validate', 'validates', { body })).status).toBe(200);
    expect(taken()).toEqual(['POST /fhir/Patient/$validate']);
    const stray = await ask('POST', '/fhir/Patient/$validate?colour=x', 'validates', { body });
    expect(stray.status).toBe(400);
    expect((await ask('POST', '/fhir/Patient/$validate', 'reads', { body })).status).toBe(403);
    expect(taken()).toEqual([]);
  });
});
