import { r4SearchDefinitions } from '../../../fhir/definitions/r4-search-definitions.js';
import { CARE_DATES } from './care-dates.js';

const definitions = r4SearchDefinitions();

describe('CARE_DATES', () => {
  it.each(Object.entries(CARE_DATES))('%s has the date %s, and is of patients', (type, name) => {
    expect(definitions.parameters(type).get(name)?.kind).toBe('date');
    expect(definitions.compartmentParameters('Patient', type)).not.toEqual([]);
  });

  it('leaves out what holds at any time, and what has no date of care', () => {
    const undated = definitions.types.filter(
      (type) =>
        definitions.compartmentParameters('Patient', type).length > 0 &&
        !Object.hasOwn(CARE_DATES, type),
    );

    expect(undated).toEqual([
      'AllergyIntolerance',
      'AppointmentResponse',
      'BodyStructure',
      'Coverage',
      'DeviceUseStatement',
      'EnrollmentRequest',
      'FamilyMemberHistory',
      'Group',
      'MolecularSequence',
      'Patient',
      'Person',
      'RelatedPerson',
      'SupplyDelivery',
    ]);
  });
});
