import { startTestApp, type TestApp } from '../support/test-app.js';
import { hasSynthea, idsFound, loadSynthea, type Resource } from '../support/synthea.js';

const describeWhereData = hasSynthea ? describe : describe.skip;

/** Any JSON, looked into without types: the tests compute answers from the records by themselves. */
type Loose = { readonly [name: string]: Loose } & readonly Loose[];
type Test = (resource: Loose) => boolean;

const NOTHING: Test = () => false;

const list = (value: unknown): readonly Loose[] =>
  value === undefined ? [] : ([value].flat() as unknown as readonly Loose[]);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const number = (value: unknown): number => (typeof value === 'number' ? value : NaN);
const hasCode = (concept: unknown, code: string, system?: string): boolean =>
  list(concept).some(({ coding }) =>
    list(coding).some(
      (one) =>
        text(one['code']) === code && (system === undefined || text(one['system']) === system),
    ),
  );
const beginsWith = (value: unknown, start: string): boolean =>
  text(value).toLowerCase().startsWith(start.toLowerCase());
const at = (value: unknown): number => new Date(text(value)).getTime();

describeWhereData('search (skipped where ../shared/data is absent)', () => {
  let app: TestApp;
  let records: readonly Resource[];
  let patient: string;

  beforeAll(async () => {
    app = await startTestApp();
    records = await loadSynthea(app, 3);
    patient = records.find(({ resourceType }) => resourceType === 'Patient')?.id ?? '';
  }, 240_000);
  afterAll(async () => {
    await app.stop();
  });

  const expected = (type: string, test: Test): readonly string[] =>
    records
      .filter(({ resourceType }) => resourceType === type)
      .filter((resource) => test(resource as unknown as Loose))
      .map(({ id }) => id)
      .sort();

  const loinc = 'http://loinc.org';
  const cases: readonly (readonly [type: string, query: string, test: Test])[] = [
    ['Patient', 'gender=female', (p) => text(p['gender']) === 'female'],
    ['Patient', 'gender:not=female', (p) => text(p['gender']) !== 'female'],
    [
      'Patient',
      'gender=http://hl7.org/fhir/administrative-gender|male',
      (p) => text(p['gender']) === 'male',
    ],
    ['Patient', 'gender=urn:other|male', NOTHING],
    ['Observation', `code=${loinc}|8302-2`, (o) => hasCode(o['code'], '8302-2', loinc)],
    [
      'Observation',
      'code=8302-2,29463-7',
      (o) => hasCode(o['code'], '8302-2') || hasCode(o['code'], '29463-7'),
    ],
    ['Observation', 'code=|8302-2', NOTHING],
    [
      'Observation',
      'combo-code=8480-6',
      (o) =>
        hasCode(o['code'], '8480-6') ||
        list(o['component']).some((c) => hasCode(c['code'], '8480-6')),
    ],
    [
      'Observation',
      'category=vital-signs&status=final',
      (o) => hasCode(o['category'], 'vital-signs') && text(o['status']) === 'final',
    ],
    [
      'Observation',
      'value-quantity=gt80|http://unitsofmeasure.org|kg',
      (o) =>
        number(o['valueQuantity']?.['value']) > 80 && text(o['valueQuantity']?.['code']) === 'kg',
    ],
    [
      'Observation',
      'value-quantity=ge20||kg/m2',
      (o) =>
        number(o['valueQuantity']?.['value']) >= 20 &&
        text(o['valueQuantity']?.['code']) === 'kg/m2',
    ],
    [
      'Observation',
      'component-code-value-quantity=8480-6$gt120',
      (o) =>
        list(o['component']).some(
          (c) => hasCode(c['code'], '8480-6') && number(c['valueQuantity']?.['value']) > 120,
        ),
    ],
    [
      'Observation',
      'code-value-quantity=8302-2$lt165',
      (o) => hasCode(o['code'], '8302-2') && number(o['valueQuantity']?.['value']) < 165,
    ],
    [
      'Observation',
      'date=ge2015-01-01',
      (o) => at(o['effectiveDateTime']) >= at('2015-01-01T00:00:00Z'),
    ],
    [
      'Observation',
      'date=2012',
      (o) =>
        at(o['effectiveDateTime']) >= at('2012-01-01T00:00:00Z') &&
        at(o['effectiveDateTime']) < at('2013-01-01T00:00:00Z'),
    ],
    ['Observation', 'value-quantity:missing=true', (o) => !Object.hasOwn(o, 'valueQuantity')],
    ['Observation', 'component-code:missing=false', (o) => Object.hasOwn(o, 'component')],
    ['Encounter', 'class=AMB', (e) => text(e['class']?.['code']) === 'AMB'],
    [
      'Encounter',
      'date=lt2014-06-01',
      (e) => at(e['period']?.['start']) < at('2014-06-01T00:00:00Z'),
    ],
    [
      'Encounter',
      'date=sa2014-06-01',
      (e) => at(e['period']?.['start']) >= at('2014-06-02T00:00:00Z'),
    ],
    ['Condition', 'onset-date=gt2010', (c) => at(c['onsetDateTime']) >= at('2011-01-01T00:00:00Z')],
    ['Condition', 'clinical-status=active', (c) => hasCode(c['clinicalStatus'], 'active')],
    ['Organization', 'name=a', (o) => beginsWith(o['name'], 'a')],
    [
      'Organization',
      'address-city:exact=BOSTON',
      (o) => list(o['address']).some((a) => text(a['city']) === 'BOSTON'),
    ],
    [
      'Organization',
      'name:contains=hospital',
      (o) => text(o['name']).toLowerCase().includes('hospital'),
    ],
    [
      'Practitioner',
      'family=b',
      (p) => list(p['name']).some(({ family }) => beginsWith(family, 'b')),
    ],
    ['Procedure', 'code=428191000124101', (p) => hasCode(p['code'], '428191000124101')],
    [
      'Procedure',
      'date=lt2015',
      (p) => at(p['performedPeriod']?.['start']) < at('2015-01-01T00:00:00Z'),
    ],
    ['DiagnosticReport', 'code=51990-0', (d) => hasCode(d['code'], '51990-0')],
    ['CarePlan', 'category=91251008', (c) => hasCode(c['category'], '91251008')],
    ['CarePlan', 'status=active', (c) => text(c['status']) === 'active'],
    ['Encounter', 'reason-code:missing=true', (e) => !Object.hasOwn(e, 'reasonCode')],
    ['Encounter', 'type=185345009', (e) => hasCode(e['type'], '185345009')],
    ['Patient', 'birthdate=ge1960-01-01', (p) => at(p['birthDate']) >= at('1960-01-01')],
    [
      'Patient',
      'birthdate=lt1990&gender=male,female',
      (p) => at(p['birthDate']) < at('1990-01-01'),
    ],
    ['Patient', 'identifier:missing=false', (p) => Object.hasOwn(p, 'identifier')],
    [
      'Observation',
      'combo-value-quantity=gt150||mm[Hg]',
      (o) =>
        [o, ...list(o['component'])].some(
          ({ valueQuantity: q }) => number(q?.['value']) > 150 && text(q?.['code']) === 'mm[Hg]',
        ),
    ],
    [
      'Observation',
      'value-quantity=ne70||kg',
      (o) =>
        Math.round(number(o['valueQuantity']?.['value'])) !== 70 &&
        text(o['valueQuantity']?.['code']) === 'kg',
    ],
    ['Observation', 'value-concept:missing=false', (o) => Object.hasOwn(o, 'valueCodeableConcept')],
    ['Claim', 'use=claim', (c) => text(c['use']) === 'claim'],
    [
      'ExplanationOfBenefit',
      'created=ge2018',
      (e) => at(e['created']) >= at('2018-01-01T00:00:00Z'),
    ],
    ['ImagingStudy', 'started=ge2000', (i) => at(i['started']) >= at('2000-01-01T00:00:00Z')],
    [
      'MedicationRequest',
      'status=stopped,completed',
      (m) => ['stopped', 'completed'].includes(text(m['status'])),
    ],
    ['Immunization', 'vaccine-code=140', (i) => hasCode(i['vaccineCode'], '140')],
    ['Patient', 'telecom=%2B', NOTHING],
    ['Patient', 'deceased=false', (p) => !Object.hasOwn(p, 'deceasedDateTime')],
  ];

  it.each(cases)('finds %s?%s', async (type, query, test) => {
    const found = await idsFound(app, `/fhir/${type}?${query}&_count=1000`);

    const ids = expected(type, test);
    expect([...found].sort()).toEqual(ids);
    // Without any the records would say nothing about the parameter.
    expect(ids.length > 0).toBe(test !== NOTHING);
  });

  it.each([
    ['Observation', 'subject'],
    ['Observation', 'patient'],
    ['Encounter', 'patient'],
    ['Claim', 'patient'],
  ])('finds %s of one %s, however the reference is written', async (type, parameter) => {
    const isOf: Test = (r) =>
      text((r['subject'] ?? r['patient'])?.['reference']) === `Patient/${patient}`;
    const ids = expected(type, isOf);

    expect(ids.length).toBeGreaterThan(0);
    for (const value of [patient, `Patient/${patient}`, `${app.baseUrl}/fhir/Patient/${patient}`]) {
      const found = await idsFound(app, `/fhir/${type}?${parameter}=${value}&_count=1000`);
      expect([...found].sort()).toEqual(ids);
    }
  });
});
