import type { ResourceExamples } from '../definition/resource-examples.js';

/** Client as the description of the API shows it. */
export const CLIENT_EXAMPLES: ResourceExamples = {
  id: 'some-client',
  resources: {
    'Authenticates by Basic': {
      name: 'Nightly export',
      secret: 'replace this by a long random text',
      grant_types: ['basic'],
    },
    'Switched off': { name: 'Nightly export', active: false, grant_types: ['basic'] },
  },
  changes: { description: 'Copies observations at night' },
};
