/** An aid as the description of the API shows it. */
interface DescribedAid {
  readonly summary: string;
  readonly description: string;
  readonly answer: object;
  /** Bodies by what they show. */
  readonly bodies?: Readonly<Record<string, object>>;
}

const REQUEST = {
  uri: '/fhir/Patient/p1',
  'request-method': 'get',
  'client-id': 'root',
};

const BY_CLIENT = {
  engine: 'matcho',
  matcho: { client: { id: 'root' }, params: { 'resource/type': 'Patient' } },
};

/** The designing aids, each with what may be sent and what is answered. */
export const AIDS: Readonly<
  Record<'operations' | 'matcho' | 'test-policy' | 'decision' | 'explain-access', DescribedAid>
> = {
  operations: {
    summary: 'List the operations',
    description: 'What an AccessPolicy may be linked to, with the requests of each.',
    answer: {
      resourceType: 'Bundle',
      type: 'searchset',
      total: 1,
      entry: [
        {
          resource: {
            resourceType: 'Operation',
            id: 'FhirRead',
            public: false,
            request: [{ method: 'get', path: '/fhir/{type}/{id}', summary: 'Read' }],
          },
        },
      ],
    },
  },
  matcho: {
    summary: 'Compare a resource with a pattern',
    description: 'Every difference is listed; `.path` looks into `context`.',
    bodies: {
      'a difference': { matcho: { a: 1 }, resource: { a: 2 } },
      'a path into the context': {
        matcho: { subject: { $reference: { id: '.user.data.patient' } } },
        resource: { subject: { reference: 'Patient/p1' } },
        context: { user: { data: { patient: 'p1' } } },
      },
    },
    answer: {
      matcho: { a: 1 },
      resource: { a: 2 },
      result: [{ path: ['a'], expected: 1, but: 2 }],
    },
  },
  'test-policy': {
    summary: 'Try policies on a request',
    description:
      'Nothing is stored, nothing is executed. A bearer token in the headers is read, not verified.',
    bodies: {
      'one policy': { request: REQUEST, policy: BY_CLIENT },
      'a decision': { request: REQUEST, policies: [{ id: 'by-client', ...BY_CLIENT }] },
    },
    answer: {
      request: {
        uri: '/fhir/Patient/p1',
        'request-method': 'get',
        params: { 'resource/type': 'Patient', 'resource/id': 'p1' },
        operation: { id: 'FhirRead' },
        client: { resourceType: 'Client', id: 'root' },
      },
      operation: { id: 'FhirRead' },
      policy: BY_CLIENT,
      result: { applies: true, 'eval-result': true, reason: null, warnings: [] },
    },
  },
  decision: {
    summary: 'Explain a decision',
    description:
      'What is remembered of a request by its `x-request-id`: who asked, what each policy said, and why others were not asked. Decisions are in the memory of the instance that made them, denials in the store.',
    answer: {
      'request-id': '0b5d4c1e-6a2f-4f3e-9d64-3f1c2f7f8a10',
      source: 'memory',
      total: 1,
      decisions: [
        {
          time: '2026-11-22T12:00:00.000Z',
          'correlation-id': null,
          decision: 'deny',
          policy: null,
          reason: 'no-policy',
          authentication: { scheme: 'bearer', introspector: 'TokenIntrospector/keycloak' },
          user: 'User/u1',
          roles: ['Role/doctor-u1'],
          client: null,
          operation: 'FhirRead',
          request: { 'request-method': 'get', uri: '/fhir/Patient/p1' },
          cut: [],
          considered: [
            {
              id: 'own-record',
              applies: true,
              'eval-result': false,
              reason: 'mismatch',
              mismatch: {
                path: ['params', 'resource/id'],
                expected: '.user.data.patient',
                but: 'p1',
              },
            },
          ],
          'considered-total': 1,
          skipped: [
            {
              id: 'nurses-read',
              reason: 'demand',
              unmet: [{ path: ['role', 'name'], expected: ['nurse'], but: 'doctor' }],
            },
          ],
          'skipped-total': 1,
        },
      ],
    },
  },
  'explain-access': {
    summary: 'Say who may, or what one may do',
    description:
      'Asks the policies as they are, over the Users with their Roles and the Clients that exist. Claims of tokens are those that the request brings, or none.',
    bodies: {
      'who may': { request: { uri: '/fhir/Patient/123', 'request-method': 'get' } },
      'what a Client may do': { client: 'root', types: ['Patient'] },
    },
    answer: {
      allowed: [{ subject: 'Client/root', policy: 'root-client' }],
      judged: 3,
      complete: true,
    },
  },
};
