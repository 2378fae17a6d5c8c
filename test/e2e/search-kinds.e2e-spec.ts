import { RESOURCES } from '../support/search-resources.js';
import { idsFound } from '../support/synthea.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

describe('search parameters', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp();
    for (const one of RESOURCES) await app.put(`/fhir/${one.resourceType}/${one.id}`, one);
  });
  afterAll(async () => {
    await app.stop();
  });

  it.each([
    ['eq2020-03-10', ['day', 'moment']],
    ['2020-03', ['day', 'march', 'moment']],
    ['ne2020-03', ['before', 'open']],
    ['gt2020-03-15', ['march', 'open']],
    ['ge2020-03-10', ['day', 'march', 'moment', 'open']],
    ['lt2020-03-05', ['before', 'march']],
    ['le2020-02-10', ['before']],
    ['sa2020-03-15', ['open']],
    ['eb2020-03-05', ['before']],
    ['eb2020-03-11', ['before', 'day', 'moment']],
    ['gt2020-03-10T08:30:00Z', ['day', 'march', 'moment', 'open']],
    ['sa2020-03-10T09:00:00Z', ['open']],
  ])('compare the time of an Encounter: date=%s', async (value, ids) => {
    expect(await idsFound(app, `/fhir/Encounter?date=${value}`)).toEqual(ids);
  });

  it.each([
    ['RiskAssessment?probability=0.5', ['half', 'half-ish']],
    ['RiskAssessment?probability=0.50', ['half']],
    ['RiskAssessment?probability=5e-1', ['half', 'half-ish']],
    ['RiskAssessment?probability=gt0.5', ['half-ish']],
    ['RiskAssessment?probability=ge0.5', ['half', 'half-ish']],
    ['RiskAssessment?probability=lt0.5', ['low']],
    ['RiskAssessment?probability=le0.5', ['half', 'low']],
    ['RiskAssessment?probability=ne0.50', ['half-ish', 'low']],
    ['RiskAssessment?probability=ap0.52', ['half', 'half-ish']],
    ['RiskAssessment?probability=sa0.5', ['half-ish']],
    ['RiskAssessment?probability=eb0.5', ['low']],
    ['Observation?value-quantity=5', ['five', 'five-ish', 'other-unit']],
    ['Observation?value-quantity=5.0', ['five', 'other-unit']],
    ['Observation?value-quantity=5.0||mg', ['five']],
    ['Observation?value-quantity=5.0||gram', ['other-unit']],
    ['Observation?value-quantity=5.0|http://unitsofmeasure.org|g', ['other-unit']],
    ['Observation?value-quantity=5.0|urn:other|g', []],
    ['Observation?value-quantity=gt100', ['at-least']],
    ['Observation?value-quantity=lt5.2||mg', ['at-least', 'five']],
    ['Invoice?totalnet=12.5|urn:iso:std:iso:4217|EUR', ['i1']],
    ['MolecularSequence?variant-start=gt250', ['m1']],
    ['MolecularSequence?variant-start=gt350', []],
  ])('compare numbers: %s', async (query, ids) => {
    expect(await idsFound(app, `/fhir/${query}`)).toEqual(ids);
  });

  it.each([
    ['Observation?component-code-value-quantity=sys$gt100', ['pair']],
    ['Observation?component-code-value-quantity=dia$gt100', []],
    ['Observation?component-code-value-quantity=dia$gt100,dia$80', ['pair']],
    ['Observation?combo-code-value-quantity=dia$80', ['pair']],
    ['Observation?combo-code-value-quantity=c$5.0||mg', ['five']],
    ['Observation?combo-code-value-quantity=c$80', []],
    ['MolecularSequence?chromosome-variant-coordinate=1$100$200', ['m1']],
    ['MolecularSequence?chromosome-variant-coordinate=1$100$400', []],
    ['MolecularSequence?chromosome-window-coordinate=1$10$20', ['m1']],
    ['DocumentReference?relationship=replaces$DocumentReference/d0', ['d1']],
    ['DocumentReference?relationship=appends$DocumentReference/d0', []],
  ])('combine what belongs together: %s', async (query, ids) => {
    expect(await idsFound(app, `/fhir/${query}`)).toEqual(ids);
  });

  it.each([
    ['ValueSet?url=http://acme.org/fhir/ValueSet/1', ['vs1']],
    ['ValueSet?url:below=http://acme.org/fhir', ['vs1', 'vs2']],
    ['ValueSet?url:below=http://acme.org/fhir/ValueSet/1', ['vs1', 'vs2']],
    ['ValueSet?url:above=http://acme.org/fhir/ValueSet/1/sub/x', ['vs1', 'vs2']],
    ['ValueSet?url:above=http://acme.org/fhir/ValueSet/1', ['vs1']],
    ['ValueSet?url=http://acme.org/fhir', []],
    ['Patient?_profile=http://acme.org/profile', ['p1']],
    ['Patient?_profile=http://acme.org/profile|2', ['p1']],
    ['Patient?_profile=http://acme.org/profile|1', []],
    ['Patient?_source=urn:feed:1', ['p1']],
    ['Patient?_tag=t|one', ['p1']],
    ['Patient?_tag:not=t|one', ['p2']],
    ['Patient?_security=R', ['p1']],
    ['Patient?_security:missing=true', ['p2']],
    ['Patient?identifier=urn:mrn|7', ['p1', 'p2']],
    ['Patient?identifier:of-type=v2|MR|7', ['p1']],
    ['Patient?identifier:of-type=v2|MR|8', []],
    ['Patient?address=main', ['p1']],
    ['Patient?address=alesund', ['p1']],
    ['Patient?address-city=main', []],
    ['Patient?email=p@acme.org', ['p1']],
    ['Patient?email=555', []],
    ['Patient?telecom=555', ['p1']],
    ['Patient?phone=|555', ['p1']],
    ['Patient?deceased=true', ['p1']],
    ['Patient?deceased=false', ['p2']],
    ['Patient?death-date=2021', ['p1']],
  ])('find %s', async (query, ids) => {
    expect(await idsFound(app, `/fhir/${query}`)).toEqual(ids);
  });

  it.each([
    ['Observation?patient=p1', ['of-patient']],
    ['Observation?patient=g1', []],
    ['Observation?subject=g1', ['of-group']],
    ['Observation?subject:Group=g1', ['of-group']],
    ['Observation?subject:Patient=g1', []],
    ['Observation?subject:Patient=Patient/p1', ['of-patient']],
    ['Observation?subject:identifier=mrn|7', ['by-name']],
    ['Observation?subject:identifier=7', ['by-name']],
    ['Observation?subject:missing=false', ['by-name', 'of-group', 'of-patient']],
    ['Observation?patient:missing=false', ['of-patient']],
    ['Observation?subject=Group/g1,Patient/p1', ['of-group', 'of-patient']],
    ['CarePlan?instantiates-canonical=http://acme.org/plan', ['cp1']],
    ['CarePlan?instantiates-canonical=http://acme.org/plan|1', ['cp1']],
    ['CarePlan?instantiates-canonical=http://acme.org/plan|2', []],
    ['Bundle?composition=Composition/comp', ['doc']],
    ['Bundle?message=MessageHeader/comp', []],
    ['Observation?subject:Patient.identifier=urn:mrn|7', ['of-patient']],
    ['Observation?subject:Patient.address-city=oslo', []],
    ['Patient?_has:Observation:patient:code=c', ['p1']],
    ['Patient?_has:Observation:patient:code=d', []],
    ['Patient?_has:Observation:patient:_id=of-patient', ['p1']],
    ['CarePlan?patient._has:Observation:patient:code=c', ['cp1']],
    ['CarePlan?patient._has:Observation:patient:code=d', []],
  ])('follow references: %s', async (query, ids) => {
    expect(await idsFound(app, `/fhir/${query}`)).toEqual(ids);
  });

  it.each([
    ['_id=five,pair&_sort=_id', ['five', 'pair']],
    ['_id=five&_id=pair', []],
    [
      '_lastUpdated=gt2000',
      RESOURCES.filter((r) => r.resourceType === 'Observation')
        .map((r) => r.id)
        .sort(),
    ],
    ['_lastUpdated=lt2000', []],
    ['code=c&code=d', []],
  ])('take alternatives and demands: %s', async (query, ids) => {
    expect(await idsFound(app, `/fhir/Observation?${query}`)).toEqual(ids);
  });
});
