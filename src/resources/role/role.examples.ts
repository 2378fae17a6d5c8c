import type { ResourceExamples } from '../definition/resource-examples.js';

/** Role as the description of the API shows it. */
export const ROLE_EXAMPLES: ResourceExamples = {
  id: 'some-user-practitioner',
  resources: {
    'A practitioner': {
      name: 'practitioner',
      user: { reference: 'User/some-user-id' },
      links: { practitioner: { reference: 'Practitioner/p1' } },
    },
    'A role without links': { name: 'auditor', user: { reference: 'User/some-user-id' } },
  },
  changes: { description: 'Treats patients' },
};
