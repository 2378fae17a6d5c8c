import { idsFound } from '../support/synthea.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const CLINICAL = 'http://terminology.hl7.org/CodeSystem/condition-clinical';
const SETS = 'http://hl7.org/fhir/ValueSet';

const RESOURCES: readonly (Readonly<Record<string, unknown>> & { readonly id: string })[] = [
  {
    resourceType: 'Condition',
    id: 'asthma',
    subject: { reference: 'Patient/p1' },
    clinicalStatus: { coding: [{ system: CLINICAL, code: 'active', display: 'Active' }] },
    code: {
      text: 'Asthma, since childhood',
      coding: [
        { system: 'http://snomed.info/sct', code: '195967001', display: 'Asthma (disorder)' },
      ],
    },
  },
  {
    resourceType: 'Condition',
    id: 'other',
    subject: { reference: 'Patient/p1' },
    code: { coding: [{ system: 'urn:others', code: 'active', display: 'Bronchial asthma' }] },
  },
  {
    resourceType: 'Patient',
    id: 'p1',
    gender: 'female',
    identifier: [{ value: '1', type: { text: 'Passport number' } }],
  },
  { resourceType: 'Patient', id: 'p2', identifier: [{ value: 'Passport' }] },
];

describe('the modifiers of codes', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp();
    for (const one of RESOURCES) {
      await app.put(`/fhir/${String(one['resourceType'])}/${one.id}`, one);
    }
  });
  afterAll(async () => {
    await app.stop();
  });

  it.each([
    ['Condition?code:text=asthma', ['asthma']],
    ['Condition?code:text=ASTHMA (dis', ['asthma']],
    ['Condition?code:text=bronch,childhood', ['other']],
    ['Condition?code:text=195967001', []],
    ['Condition?clinical-status:text=act', ['asthma']],
    ['Patient?identifier:text=passport', ['p1']],
    [`Condition?clinical-status:in=${SETS}/condition-clinical`, ['asthma']],
    [`Condition?clinical-status:not-in=${SETS}/condition-clinical`, ['other']],
    [`Condition?code:in=${SETS}/condition-clinical`, []],
    [`Condition?clinical-status:in=${SETS}/condition-ver-status`, []],
    [
      `Condition?clinical-status:in=${SETS}/condition-ver-status,${SETS}/condition-clinical`,
      ['asthma'],
    ],
    [`Patient?gender:in=${SETS}/administrative-gender`, ['p1']],
    [`Patient?gender:not-in=${SETS}/administrative-gender`, ['p2']],
    [`Patient?gender:in=${SETS}/condition-clinical`, []],
    [`Condition?patient.gender:in=${SETS}/administrative-gender`, ['asthma', 'other']],
  ])('find %s', async (query, ids) => {
    expect(await idsFound(app, `/fhir/${query}`)).toEqual(ids);
  });
});
