const percent = (value: number) => ({ value, system: 'http://unitsofmeasure.org', code: '%' });
const coded = (code: string, system?: string) => ({
  coding: [{ code, ...(system === undefined ? {} : { system }) }],
});
const encounter = (id: string, period: object) => ({
  resourceType: 'Encounter',
  id,
  status: 'finished',
  class: { code: 'AMB' },
  period,
});
const valueSet = (id: string, url: string) => ({
  resourceType: 'ValueSet',
  id,
  url,
  status: 'draft',
});
const risk = (id: string, probability: object) => ({
  resourceType: 'RiskAssessment',
  id,
  status: 'final',
  subject: { reference: 'Patient/p1' },
  prediction: [probability],
});
const observation = (id: string, more: object) => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: coded('c'),
  ...more,
});
const amount = (value: number, more: object = {}) => ({
  valueQuantity: {
    value,
    system: 'http://unitsofmeasure.org',
    code: 'mg',
    unit: 'milligram',
    ...more,
  },
});

const COMPOSITION = {
  resourceType: 'Composition',
  id: 'comp',
  status: 'final',
  type: { text: 'note' },
  date: '2020',
  author: [{ display: 'somebody' }],
  title: 'Note',
};

/** Resources with something of every kind of search parameter. */
export const RESOURCES: readonly { readonly resourceType: string; readonly id: string }[] = [
  encounter('day', { start: '2020-03-10', end: '2020-03-10' }),
  encounter('march', { start: '2020-03-01', end: '2020-03-31' }),
  encounter('open', { start: '2020-03-20' }),
  encounter('before', { end: '2020-02-10' }),
  encounter('moment', { start: '2020-03-10T08:00:00Z', end: '2020-03-10T09:00:00Z' }),
  { ...encounter('never', {}), ...{ period: { extension: [{ url: 'x', valueCode: 'y' }] } } },
  risk('low', { probabilityDecimal: 0.1 }),
  risk('half', { probabilityDecimal: 0.5 }),
  risk('half-ish', { probabilityDecimal: 0.54 }),
  risk('range', { probabilityRange: { low: percent(0.4), high: percent(0.6) } }),
  observation('five', amount(5)),
  observation('five-ish', amount(5.4)),
  observation('other-unit', amount(5, { code: 'g', unit: 'gram' })),
  observation('at-least', amount(5, { comparator: '>' })),
  observation('pair', {
    component: [
      { code: coded('sys'), valueQuantity: { value: 120 } },
      { code: coded('dia'), valueQuantity: { value: 80 } },
    ],
  }),
  observation('of-group', { subject: { reference: 'Group/g1' } }),
  observation('of-patient', { subject: { reference: 'Patient/p1' } }),
  observation('by-name', { subject: { identifier: { system: 'mrn', value: '7' } } }),
  valueSet('vs1', 'http://acme.org/fhir/ValueSet/1'),
  valueSet('vs2', 'http://acme.org/fhir/ValueSet/1/sub'),
  valueSet('vs3', 'http://acme.org/fhirstarter'),
  {
    resourceType: 'Patient',
    id: 'p1',
    ...{
      meta: {
        tag: [{ system: 't', code: 'one' }],
        security: [{ system: 's', code: 'R' }],
        profile: ['http://acme.org/profile|2'],
        source: 'urn:feed:1',
      },
      identifier: [{ type: coded('MR', 'v2'), system: 'urn:mrn', value: '7' }],
      address: [{ line: ['Main Street 1'], city: 'Ålesund', postalCode: '6002' }],
      telecom: [
        { system: 'email', value: 'p@acme.org' },
        { system: 'phone', value: '555' },
      ],
      deceasedDateTime: '2021',
    },
  },
  { resourceType: 'Patient', id: 'p2', ...{ identifier: [{ system: 'urn:mrn', value: '7' }] } },
  {
    resourceType: 'DocumentReference',
    id: 'd1',
    ...{
      status: 'current',
      content: [{ attachment: { title: 'x' } }],
      relatesTo: [
        { code: 'replaces', target: { reference: 'DocumentReference/d0' } },
        { code: 'appends', target: { reference: 'DocumentReference/d9' } },
      ],
    },
  },
  {
    resourceType: 'MolecularSequence',
    id: 'm1',
    ...{
      coordinateSystem: 0,
      referenceSeq: {
        genomeBuild: 'GRCh37',
        chromosome: coded('1'),
        windowStart: 10,
        windowEnd: 20,
      },
      variant: [
        { start: 100, end: 200 },
        { start: 300, end: 400 },
      ],
    },
  },
  {
    resourceType: 'CarePlan',
    id: 'cp1',
    ...{
      status: 'active',
      intent: 'plan',
      subject: { reference: 'Patient/p1' },
      instantiatesCanonical: ['http://acme.org/plan|1'],
    },
  },
  {
    resourceType: 'Bundle',
    id: 'doc',
    ...{
      type: 'document',
      identifier: { system: 'urn:documents', value: '1' },
      timestamp: '2020-01-01T00:00:00Z',
      entry: [{ fullUrl: 'urn:uuid:7c0a2d5e-6f0c-4a5e-9d3b-0a4b6b7f5b11', resource: COMPOSITION }],
    },
  },
  {
    resourceType: 'Invoice',
    id: 'i1',
    ...{ status: 'issued', totalNet: { value: 12.5, currency: 'EUR' } },
  },
];
