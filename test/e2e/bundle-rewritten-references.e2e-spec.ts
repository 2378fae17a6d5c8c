import {
  addClient,
  asks,
  entriesOf,
  sendBundle,
  writes,
  type SentEntry,
} from '../support/bundle-calls.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const PATIENT = { resourceType: 'Patient', active: true };
const OBSERVATION = { resourceType: 'Observation', status: 'final', code: { text: 'Weight' } };
const TRANSACTION = { operation: { id: 'FhirTransaction' } };

describe('an entry of a Bundle', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp();
    await app.put('/fhir/Patient/p1', { ...PATIENT, id: 'p1' });
  });
  afterAll(async () => {
    await app.stop();
  });

  it('is decided by where its references lead, not only by what stands in their place', async () => {
    const ofPatient = (reference: string) =>
      writes('POST', 'Observation', { ...OBSERVATION, subject: { reference } });
    await app.put('/fhir/Patient/own', { ...PATIENT, id: 'own', identifier: [{ value: 'own' }] });
    await addClient(app, 'kin', [
      TRANSACTION,
      { params: { 'resource/type': 'Patient' } },
      {
        params: { 'resource/type': 'Observation' },
        resource: { subject: { reference: { $enum: ['Patient/own', 'urn:uuid:own'] } } },
      },
    ]);
    const other = (fullUrl: string) => ({ ...asks('GET', 'Patient/p1'), fullUrl });
    const self = { ...asks('GET', 'Patient/own'), fullUrl: 'urn:uuid:own' };
    const send = (...entry: SentEntry[]) => sendBundle(app, 'transaction', entry, 'kin');
    const refused = [
      await send(other('Patient/own'), ofPatient('Patient/own')),
      await send(other('urn:uuid:own'), ofPatient('urn:uuid:own')),
      await send(other('https://a.example/Patient/own'), {
        ...ofPatient('Patient/own'),
        fullUrl: 'https://a.example/Observation/1',
      }),
    ];

    expect(refused.map(({ status }) => status)).toEqual([403, 403, 403]);
    expect(refused[0]?.text).toContain('Bundle.entry[1]');
    expect((await app.call('GET', '/fhir/Observation', { asRoot: true })).json).toMatchObject({
      total: 0,
    });
    expect((await send(other('urn:uuid:1'), ofPatient('Patient/own'))).status).toBe(200);
    const allowed = await send(self, ofPatient('urn:uuid:own'));
    expect(entriesOf(allowed)[1]?.resource).toMatchObject({
      subject: { reference: 'Patient/own' },
    });
  });

  it('is so decided if it is a system resource', async () => {
    await addClient(app, 'kin-of-roles', [
      TRANSACTION,
      { params: { 'resource/type': 'Patient' } },
      {
        params: { 'resource/type': 'Role' },
        resource: { user: { reference: 'User/kin' } },
      },
    ]);
    const role = { resourceType: 'Role', name: 'r', user: { reference: 'User/kin' } };
    const send = (read: SentEntry) =>
      sendBundle(app, 'transaction', [read, writes('POST', 'Role', role)], 'kin-of-roles');

    await app.put('/fhir/Patient/admin', { ...PATIENT, id: 'admin' });
    const refused = await send({ ...asks('GET', 'Patient/admin'), fullUrl: 'User/kin' });

    expect(refused.status).toBe(403);
    expect(refused.text).toContain('Bundle.entry[1]');
    expect((await send(asks('GET', 'Patient/admin'))).status).toBe(200);
  });
});
