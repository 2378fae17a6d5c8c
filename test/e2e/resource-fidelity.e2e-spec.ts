import { startTestApp, type Reply, type TestApp } from '../support/test-app.js';

const JSON_TYPE = { 'content-type': 'application/json' };
const ROLE = { name: 'doctor', user: { reference: 'User/u1' } };

const OBSERVED = '"status":"final","code":{"text":"x"}';

/** What no request may do to a resource, and no answer may say of one. */
describe('resources as they were written', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp();
  }, 60_000);
  afterAll(async () => {
    await app.stop();
  });

  const root = (method: string, path: string, more: object = {}): Promise<Reply> =>
    app.call(method, path, { asRoot: true, ...more });

  describe('numbers', () => {
    const numbers = '"exact": 1.00, "long": 12345678901234567890, "small": 0.1000';

    it.each([
      ['a User', '/fhir/User/numbers', `{"data":{${numbers}}}`],
      ['a User on the other family', '/User/numbers', `{"data":{${numbers}}}`],
      [
        'a Role',
        '/fhir/Role/numbers',
        `{"name":"r","user":{"reference":"User/u"},"context":{${numbers}}}`,
      ],
      [
        'an Observation',
        '/fhir/Observation/numbers',
        `{"resourceType":"Observation",${OBSERVED},"extension":[${['1.00', '12345678901234567890', '0.1000'].map((decimal) => `{"url":"urn:x","valueDecimal":${decimal}}`).join()}]}`,
      ],
    ])('keep every digit in %s, also through a patch and as YAML', async (_name, path, body) => {
      const put = await root('PUT', path, { body, headers: JSON_TYPE });
      const patch = await root('PATCH', path, {
        body: '{"language":null}',
        headers: { 'content-type': 'application/merge-patch+json' },
      });
      const yaml = await root('GET', `${path}?_format=yaml`);

      expect([put.status, patch.status, yaml.status]).toEqual([expect.any(Number), 200, 200]);
      for (const { text } of [put, patch, yaml]) {
        expect(text).toContain('1.00');
        expect(text).toContain('12345678901234567890');
        expect(text).toContain('0.1000');
      }
    });
  });

  it.each([
    '1E-245',
    '-1.000000000000000000E+245',
    '1.5e300',
    '123456789012345678901234567890E-90',
  ])('takes %s back as it answers it', async (number) => {
    const path = '/fhir/Observation/exponent';
    const body = `{"resourceType":"Observation",${OBSERVED},"valueQuantity":{"value":${number}}}`;
    const put = await root('PUT', path, { body, headers: JSON_TYPE });

    const again = await root('PUT', path, { body: put.text, headers: JSON_TYPE });
    const patched = await root('PATCH', path, {
      body: '{"status":"final"}',
      headers: { 'content-type': 'application/merge-patch+json' },
    });

    expect([again.status, patched.status]).toEqual([200, 200]);
  });

  it('refuses what validation does not see, and runs nothing of it', async () => {
    const put = (body: string) => root('PUT', '/fhir/User/hidden', { body, headers: JSON_TYPE });

    expect((await put('{"constructor":"x"}')).status).toBe(422);
    expect((await put('{"name":{"toString":"x"}}')).status).toBe(422);
    const open = await put('{"data":{"constructor":{"constructor":[1]},"toString":1}}');
    expect(open.status).toBe(201);
    expect(open.json?.['data']).toEqual({ constructor: { constructor: [1] }, toString: 1 });
  });

  describe('ids', () => {
    it.each(['.', '..'])('refuses %s, which no URL could address', async (id) => {
      expect((await root('POST', '/fhir/Role', { body: { ...ROLE, id } })).status).toBe(400);
      const patient = { resourceType: 'Patient', id };
      expect((await root('POST', '/fhir/Patient', { body: patient })).status).toBe(400);
    });

    it.each(['...', '-', 'A.b-9', 'x'.repeat(64)])('takes %s', async (id) => {
      expect((await root('POST', '/fhir/Role', { body: { ...ROLE, id } })).status).toBe(201);
      expect((await root('GET', `/fhir/Role/${id}`)).json).toMatchObject({ id, ...ROLE });
    });

    it('tells ids that differ in case only', async () => {
      await app.put('/fhir/Role/case', ROLE);

      expect((await root('GET', '/fhir/Role/CASE')).status).toBe(404);
    });
  });

  describe('conditions', () => {
    beforeAll(async () => {
      await app.put('/fhir/Role/conditional', ROLE);
    });

    it('take the tag of another server for one that does not match', async () => {
      const foreign = 'W/"another-server"';
      const read = await root('GET', '/fhir/Role/conditional', {
        headers: { 'if-none-match': foreign },
      });
      const write = await root('PUT', '/fhir/Role/conditional', {
        body: ROLE,
        headers: { 'if-match': foreign },
      });

      expect([read.status, write.status]).toEqual([200, 412]);
    });

    it('are never passed over', async () => {
      const created = await root('POST', '/fhir/Role', {
        body: ROLE,
        headers: { 'if-none-exist': 'name=doctor' },
      });

      expect(created.status).toBe(501);
    });

    it('name a version in one way only', async () => {
      expect((await root('GET', '/fhir/Role/conditional/_history/1')).status).toBe(200);
      expect((await root('GET', '/fhir/Role/conditional/_history/01')).status).toBe(404);
    });
  });

  it.each([
    ['GET', '/fhir/Role/parameters?_elements=name'],
    ['GET', '/Role/parameters/_history/1?_elements=name'],
    ['PUT', '/fhir/Role/parameters?name=x'],
    ['PATCH', '/fhir/Role/parameters?name=x'],
    ['DELETE', '/fhir/Role/parameters?name=x'],
    ['POST', '/fhir/Role?name=x'],
  ])('refuses a parameter that %s would not look at: %s', async (method, path) => {
    await app.put('/fhir/Role/parameters', ROLE);

    const reply = await root(method, path, method === 'GET' ? {} : { body: ROLE });

    expect(reply.status).toBe(400);
    expect((await root('GET', '/fhir/Role/parameters?_format=json')).status).toBe(200);
  });
});
