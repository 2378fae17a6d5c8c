import type { ResourceExamples } from '../definition/resource-examples.js';

const ISSUER = 'https://auth.example.com';

/** AccessPolicy as the description of the API shows it. */
export const ACCESS_POLICY_EXAMPLES: ResourceExamples = {
  id: 'external-auth-server',
  resources: {
    'matcho: holders of a token may read patients': {
      description: 'Tokens of auth.example.com may read and search patients',
      engine: 'matcho',
      matcho: {
        jwt: { iss: ISSUER },
        'request-method': 'get',
        params: { 'resource/type': 'Patient' },
      },
    },
    'matcho: practitioners, by their Role': {
      engine: 'matcho',
      roleName: 'practitioner',
      link: [{ reference: 'Operation/FhirRead' }, { reference: 'Operation/FhirSearch' }],
      matcho: { params: { 'resource/type': { $enum: ['Patient', 'Observation'] } } },
    },
    'json-schema: any token of an issuer': {
      engine: 'json-schema',
      schema: {
        required: ['jwt'],
        properties: { jwt: { required: ['iss'], properties: { iss: { const: ISSUER } } } },
      },
    },
    'allow: one Client may do everything': {
      engine: 'allow',
      link: [{ reference: 'Client/trusted-client' }],
    },
    'complex: all of several rules': {
      engine: 'complex',
      and: [
        { engine: 'matcho', matcho: { jwt: { iss: ISSUER } } },
        { engine: 'matcho', matcho: { 'request-method': { $enum: ['get', 'head'] } } },
      ],
    },
  },
  changes: { description: 'Read-only access to patients' },
};
