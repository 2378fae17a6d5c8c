import { BadRequest } from '../../errors/fhir-error.js';
import { entityTags } from './entity-tags.js';

describe('entityTags', () => {
  it.each(['*', 'W/"3"', '"3"', '3', 'W/"1", "2" ,3', 'W/"AbC-/+=.1"', undefined])(
    'takes %s',
    (given) => {
      expect(entityTags(given)).toBe(given);
    },
  );

  it.each([
    'Patient?identifier=urn:x|secret',
    'identifier=x',
    'W/"Patient?identifier=x"',
    '?name=x',
    '*, 1',
    'W/3',
    '"3',
    '',
  ])('refuses %s, which may be taken for criteria', (given) => {
    expect(() => entityTags(given)).toThrow(BadRequest);
  });
});
