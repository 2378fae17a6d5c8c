import { addClient, CLIENT_SECRET } from '../support/bundle-calls.js';
import { basic, startTestApp, type TestApp } from '../support/test-app.js';

const PATIENT = '/fhir/Observation?_include=Observation:patient';
const BOTH = '/fhir/Observation?_include=Observation:patient&_include=Observation:encounter';

describe('params.included/type', () => {
  let app: TestApp;

  const status = async (client: string, path: string) => {
    const headers = { authorization: basic(client, CLIENT_SECRET) };
    return (await app.call('GET', path, { headers })).status;
  };

  beforeAll(async () => {
    app = await startTestApp({ BOX_FHIR_SEARCH_AUTHORIZE_INLINE_REQUESTS: 'false' });
    const search = { 'resource/type': 'Observation' };
    await addClient(app, 'nothing-else', [{ params: { ...search, 'included/type': 'nil?' } }]);
    await addClient(app, 'patients-only', [
      { params: { ...search, 'included/type': { $every: { $enum: ['Patient'] } } } },
    ]);
    await addClient(app, 'no-patients', [
      { params: { ...search, $not: { 'included/type': { $contains: 'Patient' } } } },
    ]);
  });
  afterAll(async () => {
    await app.stop();
  });

  it.each([
    ['nothing-else', '/fhir/Observation', 200],
    ['nothing-else', PATIENT, 403],
    ['nothing-else', '/fhir/Observation?patient.name=x', 403],
    ['patients-only', PATIENT, 200],
    ['patients-only', BOTH, 403],
    ['no-patients', '/fhir/Observation?_include=Observation:encounter', 200],
    ['no-patients', BOTH, 403],
  ])('lets a policy demand or deny types: %s asks %s', async (client, path, expected) => {
    expect(await status(client, path)).toBe(expected);
  });

  it('is there where requests are tried and asked about, too', async () => {
    const matcho = { params: { 'included/type': { $contains: 'Patient' } } };
    const tried = await app.call('POST', '/auth/test-policy', {
      asRoot: true,
      body: { request: { uri: PATIENT }, policy: { engine: 'matcho', matcho } },
    });
    expect(tried.json?.['result']).toMatchObject({ 'eval-result': true });

    const evaluate = async (id: string) => {
      const subject = { type: 'Client', id: 'nothing-else' };
      const body = { subject, action: { name: 'GET' }, resource: { type: 'Observation', id } };
      const { json } = await app.call('POST', '/access/v1/evaluation', { asRoot: true, body });
      return json?.['decision'];
    };
    expect(await evaluate('/fhir/Observation')).toBe(true);
    expect(await evaluate(PATIENT)).toBe(false);
  });

  it('cannot be said by the caller', async () => {
    expect(await status('patients-only', '/fhir/Observation?included/type=Patient')).toBe(400);
    expect(await status('patients-only', '/fhir/Observation?included%2Ftype=Patient')).toBe(400);
  });
});
