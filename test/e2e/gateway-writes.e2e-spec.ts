import { callAs } from '../support/bundle-calls.js';
import { startGateway, type GatewayFixture } from '../support/gateway-fixture.js';
import type { Call } from '../support/test-app.js';

const operation = (id: string, more: object = {}) => ({
  operation: { id },
  params: { 'resource/type': 'Patient', ...more },
});
const patient = (more: object) => ({ resourceType: 'Patient', ...more });
const BY_P1 = '/fhir/Patient?identifier=urn:x%7Cp1';
const BY_SECRET = '/fhir/Patient?identifier=urn:x%7Csecret';
const BY_NOBODY = '/fhir/Patient?identifier=urn:x%7Cnobody';
const LOOKUP = (value: string) => `GET /fhir/Patient?identifier=urn%3Ax%7C${value}&_count=2`;

describe('a write for the upstream', () => {
  let fixture: GatewayFixture;

  const ask = (method: string, path: string, call: Call = {}, client = 'writer') =>
    callAs(fixture.gateway, client, method, path, call);

  beforeAll(async () => {
    fixture = await startGateway({ WARDGATE_UPSTREAM_OPERATIONS: 'validate-code' });
  });
  afterAll(async () => {
    await fixture.stop();
  });

  beforeEach(async () => {
    const { store } = fixture;
    for (const id of ['p1', 'secret', 'twin1', 'twin2']) {
      const value = id.replace(/\d$/, (digit) => (id.startsWith('twin') ? '' : digit));
      await store.put(
        `/fhir/Patient/${id}`,
        patient({ id, identifier: [{ system: 'urn:x', value }] }),
      );
    }
    fixture.upstream.taken();
  });

  describe('by criteria', () => {
    beforeAll(async () => {
      const id = { 'resource/id': 'p1' };
      await fixture.addClient('writer', [
        operation('FhirSearch'),
        operation('FhirCreate'),
        operation('FhirConditionalUpdate'),
        operation('FhirConditionalPatch'),
        operation('FhirConditionalDelete'),
        operation('FhirUpdate', id),
        operation('FhirPatch', id),
        operation('FhirDelete', id),
      ]);
      await fixture.addClient('blind', [
        operation('FhirCreate'),
        operation('FhirConditionalUpdate'),
        operation('FhirUpdate'),
      ]);
    });

    it('is sent as the change of what they pick', async () => {
      const updated = await ask('PUT', BY_P1, { body: patient({ active: true }) });
      const [lookup, sent] = fixture.upstream.taken();

      expect(updated.status).toBe(200);
      expect(`${lookup?.method} ${lookup?.url}`).toBe(LOOKUP('p1'));
      expect(sent).toMatchObject({ method: 'PUT', url: '/fhir/Patient/p1' });
      expect(sent?.headers['if-match']).toMatch(/^W\/"\d+"$/);
      expect(JSON.parse(sent?.body ?? '')).toEqual({ ...patient({ active: true }), id: 'p1' });
    });

    it.each([
      ['PUT', { body: patient({ active: false }) }],
      [
        'PATCH',
        { body: { active: false }, headers: { 'content-type': 'application/merge-patch+json' } },
      ],
      ['DELETE', {}],
    ])('is refused where what %s would change may not be changed', async (method, call) => {
      expect((await ask(method, BY_SECRET, call)).status).toBe(403);
      expect(fixture.upstream.lines()).toEqual([LOOKUP('secret')]);
      expect((await ask(method, BY_P1, call)).status).toBe(200);
      expect(fixture.upstream.lines()).toEqual([LOOKUP('p1'), `${method} /fhir/Patient/p1`]);
    });

    it('needs that the caller may search so', async () => {
      const body = patient({});

      expect((await ask('PUT', BY_P1, { body }, 'blind')).status).toBe(403);
      const headers = { 'if-none-exist': 'identifier=urn:x|p1' };
      expect((await ask('POST', '/fhir/Patient', { body, headers }, 'blind')).status).toBe(403);
      expect(fixture.upstream.lines()).toEqual([]);
      expect((await ask('POST', '/fhir/Patient', { body }, 'blind')).status).toBe(201);
    });

    it('is refused where several match', async () => {
      const reply = await ask('DELETE', '/fhir/Patient?identifier=urn:x%7Ctwin');

      expect(reply.status).toBe(412);
      expect(fixture.upstream.lines()).toEqual([LOOKUP('twin')]);
    });

    it('creates where none matches, once', async () => {
      expect((await ask('PUT', BY_NOBODY, { body: patient({}) })).status).toBe(201);
      const [, sent] = fixture.upstream.taken();

      expect(sent).toMatchObject({ method: 'POST', url: '/fhir/Patient' });
      expect(sent?.headers['if-none-exist']).toBe('identifier=urn%3Ax%7Cnobody');
    });

    it('does not replace what exists under another id', async () => {
      const reply = await ask('PUT', BY_NOBODY, { body: patient({ id: 'secret' }) });

      expect(reply.status).toBe(400);
      expect(fixture.upstream.lines()).toEqual([LOOKUP('nobody')]);
    });

    it('says that there is nothing to patch, or to delete', async () => {
      const headers = { 'content-type': 'application/merge-patch+json' };

      expect((await ask('PATCH', BY_NOBODY, { body: { active: true }, headers })).status).toBe(404);
      expect((await ask('DELETE', BY_NOBODY)).status).toBe(204);
      expect(fixture.upstream.lines()).toEqual([LOOKUP('nobody'), LOOKUP('nobody')]);
    });

    it.each(['/fhir/Patient?colour=x', '/fhir/Patient?_count=1', '/fhir/Patient'])(
      'is not sent by criteria that pick nothing: %s',
      async (path) => {
        expect((await ask('DELETE', path)).status).toBe(400);
        expect(fixture.upstream.lines()).toEqual([]);
      },
    );

    it('hands on If-None-Exist as it was understood', async () => {
      const create = (ifNoneExist: string) =>
        ask('POST', '/fhir/Patient', {
          body: patient({}),
          headers: { 'if-none-exist': ifNoneExist },
        });

      expect((await create('?identifier=urn:x|p1')).status).toBe(200);
      const [lookup, sent] = fixture.upstream.taken();
      expect(`${lookup?.method} ${lookup?.url}`).toBe(LOOKUP('p1'));
      expect(sent?.headers['if-none-exist']).toBe('identifier=urn%3Ax%7Cp1');
      expect((await create('colour=x')).status).toBe(400);
      expect(fixture.upstream.lines()).toEqual([]);
    });
  });

  const referring = patient({
    id: 'p1',
    generalPractitioner: [{ reference: 'Practitioner?name=x' }],
  });
  it.each([
    ['POST', '/fhir/Patient', 'fhir', referring],
    ['PUT', '/fhir/Patient/p1', 'fhir', referring],
    ['PUT', '/fhir/Patient?identifier=urn:x%7Cp1', 'fhir', referring],
    ['PATCH', '/fhir/Patient/p1', 'merge-patch', { x: { reference: 'Practitioner?name=x' } }],
    [
      'PATCH',
      '/fhir/Patient/p1',
      'json-patch',
      [{ op: 'add', path: '/x/reference', value: 'Practitioner?name=x' }],
    ],
  ])(
    'has no conditional reference outside Bundles: %s %s as %s',
    async (method, path, kind, body) => {
      const headers = { 'content-type': `application/${kind}+json` };
      const reply = await fixture.gateway.call(method, path, { asRoot: true, body, headers });

      expect(reply.status).toBe(400);
      expect(fixture.upstream.lines()).toEqual([]);
    },
  );
});
