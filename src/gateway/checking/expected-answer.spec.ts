import { addressedResource } from './expected-answer.js';

const asked = { path: ['Patient', 'p1'], query: [], headers: {} };

describe('addressedResource', () => {
  it('is the one of the path, which may be deleted', () => {
    const resource = { kind: 'resource', type: 'Patient', id: 'p1' };

    expect(addressedResource({ ...asked, method: 'PUT' })).toEqual({
      ...resource,
      isDeletion: false,
    });
    expect(addressedResource({ ...asked, method: 'DELETE' })).toEqual({
      ...resource,
      isDeletion: true,
    });
  });

  it('has any id where it is new', () => {
    expect(addressedResource({ ...asked, method: 'POST', path: ['Patient'] })).toEqual({
      kind: 'resource',
      type: 'Patient',
    });
  });
});
