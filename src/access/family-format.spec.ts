import { InvalidResource } from '../errors/fhir-error.js';
import { bodyOf } from '../interactions/formats/json.js';
import { inFamilyFormat } from './family-format.js';

const BY_TEXT = { reference: 'Patient/p1' };
const BY_TYPE = { resourceType: 'Patient', id: 'p1' };

describe('inFamilyFormat', () => {
  it.each([
    ['fhir', BY_TYPE, BY_TEXT],
    ['fhir', BY_TEXT, BY_TEXT],
    ['plain', BY_TEXT, BY_TYPE],
    ['plain', BY_TYPE, BY_TYPE],
  ] as const)('shows the references of a resource of /%s in its form: %#', (family, sent, seen) => {
    const body = bodyOf({ resourceType: 'Observation', subject: sent });

    expect(inFamilyFormat(body, family, 'Observation')).toHaveProperty('subject', seen);
  });

  it('converts the references of a system resource where it has them, and nowhere else', () => {
    const body = bodyOf({ fhirUser: BY_TYPE, data: { free: BY_TYPE } });

    expect(inFamilyFormat(body, 'fhir', 'User')).toEqual({
      fhirUser: BY_TEXT,
      data: { free: BY_TYPE },
    });
  });

  it('takes the type from the body where the route has none', () => {
    const resource = { resourceType: 'Observation', subject: BY_TYPE };
    const bundle = bodyOf({ resourceType: 'Bundle', entry: [{ resource }] });

    expect(inFamilyFormat(bundle, 'fhir')).toHaveProperty('entry.0.resource.subject', BY_TEXT);
  });

  it('refuses a reference whose forms disagree', () => {
    const subject = { reference: 'Patient/p2', ...BY_TYPE };
    const body = bodyOf({ resourceType: 'Observation', subject });

    expect(() => inFamilyFormat(body, 'fhir', 'Observation')).toThrow(InvalidResource);
  });
});
