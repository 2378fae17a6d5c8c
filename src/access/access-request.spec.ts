import { ANONYMOUS } from '../identity/caller.js';
import { bodyOf } from '../interactions/formats/json.js';
import { accessRequest } from './access-request.js';
import type { IncomingRequest } from './incoming-request.js';
import type { Route } from './route.js';

const OBSERVATION = { resourceType: 'Observation', subject: { resourceType: 'Patient', id: 'p1' } };

function seen(changes: Partial<IncomingRequest>, body: object = OBSERVATION) {
  const incoming: IncomingRequest = {
    id: 'r',
    method: 'put',
    path: '/fhir/Observation/o1',
    queryString: 'a=1&a=2',
    family: 'fhir',
    query: { a: ['1', '2'], 'x.y': 'z', 'c[]': '3' },
    routeParams: { type: 'Observation', id: 'o1' },
    includedTypes: [],
    contentType: 'application/json',
    peer: { remoteAddr: '192.0.2.1', scheme: 'http', headers: { authorization: 'Bearer t' } },
    ...changes,
  };
  const route = { isPublic: false, operation: 'FhirUpdate', systemType: undefined } as Route;
  return accessRequest(incoming, route, ANONYMOUS, bodyOf(body as never));
}

describe('accessRequest', () => {
  it('shows route and query parameters by their names, repeated ones as arrays', () => {
    expect(seen({}).params).toEqual({
      a: ['1', '2'],
      'x.y': 'z',
      'c[]': '3',
      'resource/type': 'Observation',
      'resource/id': 'o1',
    });
  });

  it('shows the types that a search leads to', () => {
    const includedTypes = ['Organization', 'Patient'];

    expect(seen({ includedTypes }).params).toMatchObject({ 'included/type': includedTypes });
    expect(seen({}).params).not.toHaveProperty(['included/type']);
  });

  it('shows the body as body and as resource, its references in the form of the route family', () => {
    const { body, resource } = seen({});

    expect(body).toEqual({ ...OBSERVATION, subject: { reference: 'Patient/p1' } });
    expect(resource).toEqual(body);
  });

  it('shows a patch document as it was sent', () => {
    expect(seen({ method: 'patch' }).resource).toEqual(OBSERVATION);
  });

  it('shows no credential, and nobody where nobody asked', () => {
    const request = seen({});

    expect(request.headers).toEqual({ authorization: 'Bearer [redacted]' });
    expect(Object.keys(request)).not.toEqual(expect.arrayContaining(['user']));
  });
});
