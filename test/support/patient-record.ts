const to = (reference: string) => ({ reference });
const system = 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical';

const observation = (id: string, more: object) => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: { text: 'c' },
  ...more,
});

/** The record of Patient/p1, what it refers to, and what is not of it; those that are referred to come first. */
export const PATIENT_RECORD: readonly { readonly resourceType: string; readonly id: string }[] = [
  ...['o1', 'unrelated'].map((id) => ({ resourceType: 'Organization', id, name: id })),
  ...['g1', 'g2'].map((id) => ({ resourceType: 'Practitioner', id })),
  { resourceType: 'Location', id: 'l1' },
  patient('p1', {
    managingOrganization: to('Organization/o1'),
    generalPractitioner: [to('Practitioner/g1')],
  }),
  patient('p2', {}),
  observation('of-another', { subject: to('Patient/p2') }),
  observation('first', {
    subject: to('Patient/p1'),
    performer: [to('Practitioner/g2')],
    effectiveDateTime: '2020-05-01',
    hasMember: [to('Observation/of-another')],
  }),
  observation('performed', { subject: to('Patient/p2'), performer: [to('Patient/p1')] }),
  encounter('visit', { start: '2021-02-01', end: '2021-02-02' }),
  allergy('nuts'),
];

function patient(id: string, more: object): { resourceType: string; id: string } {
  return { resourceType: 'Patient', id, ...more };
}

function encounter(id: string, period: object): { resourceType: string; id: string } {
  const more = {
    status: 'finished',
    class: { code: 'AMB' },
    subject: to('Patient/p1'),
    period,
    location: [{ location: to('Location/l1') }],
  };
  return { resourceType: 'Encounter', id, ...more };
}

function allergy(id: string): { resourceType: string; id: string } {
  const clinicalStatus = { coding: [{ system, code: 'active' }] };
  const more = { clinicalStatus, patient: to('Patient/p1') };
  return { resourceType: 'AllergyIntolerance', id, ...more };
}
