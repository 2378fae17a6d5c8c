import type { ResourceExamples } from '../definition/resource-examples.js';
import { IDENTITY_PROVIDER_PRESETS } from '../provider-presets.js';

/** IdentityProvider as the description of the API shows it. */
export const IDENTITY_PROVIDER_EXAMPLES: ResourceExamples = {
  id: 'auth-example',
  resources: {
    'Attributes from the userinfo endpoint': {
      title: 'auth.example.com',
      active: true,
      system: 'https://auth.example.com',
      scopes: ['openid', 'profile'],
      userinfo_endpoint: 'https://auth.example.com/userinfo',
      'userinfo-source': 'userinfo-endpoint',
      toScim: { given_name: ['name', 'givenName'], family_name: ['name', 'familyName'] },
    },
    'Attributes from the token itself': {
      title: 'auth.example.com',
      active: true,
      system: 'https://auth.example.com',
      'userinfo-source': 'id-token',
    },
    ...IDENTITY_PROVIDER_PRESETS,
  },
  changes: { title: 'Sign in with auth.example.com' },
};
