import type { ResourceExamples } from '../definition/resource-examples.js';

/** User as the description of the API shows it. */
export const USER_EXAMPLES: ResourceExamples = {
  id: 'some-user-id',
  resources: {
    'Found by the sub or box_user of a token': {
      name: { givenName: 'Ada', familyName: 'Lovelace' },
      data: { practitioner_id: 'p1' },
    },
    'Found by the identifier of an IdentityProvider': {
      name: { givenName: 'Ada', familyName: 'Lovelace' },
      identifier: [{ system: 'https://auth.example.com', value: '74ae9aaf-5681-4231' }],
      fhirUser: { reference: 'Practitioner/p1' },
    },
  },
  changes: { displayName: 'Dr. Ada Lovelace' },
};
