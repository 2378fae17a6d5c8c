import { basic, type TestApp } from './test-app.js';

/** A matcho policy. */
export function matcho(pattern: object): object {
  return { engine: 'matcho', matcho: pattern };
}

const onRecord = (action: object, parts: object = {}) =>
  matcho({ evaluation: { action, resource: { type: 'record' }, ...parts } });

/** The policy that the certification scenario of AuthZEN asks for. */
const CERTIFICATION = {
  'records-are-read': onRecord({ name: 'read' }),
  'alice-writes': matcho({
    user: { id: 'alice' },
    evaluation: {
      action: { name: 'write' },
      resource: { type: 'record', $not: { properties: { status: 'archived' } } },
    },
  }),
  'admins-write': onRecord({ name: 'write' }, { subject: { properties: { role: 'admin' } } }),
  'soft-deletes': onRecord({ name: 'delete', properties: { soft: true } }),
};

/** Policies of the gate, which evaluations are decided by too. */
const GATE = {
  'nurses-read': {
    ...matcho({ operation: { id: 'FhirRead' }, params: { 'resource/type': 'Patient' } }),
    roleName: 'nurse',
  },
  'own-patient': matcho({
    'request-method': 'get',
    uri: '#^/fhir/Patient/',
    operation: { id: 'FhirRead' },
    params: { 'resource/id': '.user.data.patient' },
  }),
  'a-client-may-all': { engine: 'allow', link: [{ reference: 'Client/batch' }] },
  'everybody-of-the-issuer': matcho({ jwt: { iss: 'https://open.example.com' } }),
};

/** Stores whom and what the specs of the Authorization API speak of; Client/pep may ask. */
export async function setAuthzenScene(app: TestApp): Promise<void> {
  for (const id of ['pep', 'stranger', 'batch']) {
    await app.put(`/Client/${id}`, { secret: `${id}-secret`, grant_types: ['basic'] });
  }
  await app.put('/Client/retired', { secret: 'x', active: false });
  await app.put('/IdentityProvider/idp', { system: 'https://idp.example', active: true });
  const identifier = [{ system: 'https://idp.example', value: 'alice-1' }];
  await app.put('/User/alice', { data: { patient: 'p1' }, identifier });
  await app.put('/User/bob', {});
  await app.put('/User/gone', { inactive: true, data: { patient: 'p1' } });
  await app.put('/Role/bob-nurse', { name: 'nurse', user: { reference: 'User/bob' } });
  const policies = {
    'pep-asks': matcho({ client: { id: 'pep' }, operation: { id: 'AccessEvaluation' } }),
    ...CERTIFICATION,
    ...GATE,
  };
  for (const [id, policy] of Object.entries(policies)) {
    await app.put(`/AccessPolicy/${id}`, policy);
  }
}

/** Basic credentials of a Client of the scene. */
export function as(id: string): { readonly authorization: string } {
  return { authorization: basic(id, `${id}-secret`) };
}
