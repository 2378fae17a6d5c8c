import { BadRequest } from '../../errors/fhir-error.js';
import { bodyOf, type Json } from '../../interactions/formats/json.js';
import type { QueryParams } from '../../interactions/search/parse-search.js';
import { exportRequest, filterPair } from './export-request.js';

const TYPES = ['Observation', 'Patient'];
const read = (query: QueryParams) => exportRequest(query, undefined, TYPES);
const readBody = (...parameter: readonly Json[]) =>
  exportRequest({}, bodyOf({ resourceType: 'Parameters', parameter }), TYPES);

describe('exportRequest', () => {
  it('knows no types where none are named', () => {
    expect(read({})).toEqual({ types: undefined, filters: [], query: {}, pairs: [] });
  });

  it('reads lists with commas and repeated, and goes on as it was asked', () => {
    const query = { _type: ['Patient,Observation', 'Patient'], _elements: 'id,Patient.name' };

    expect(read(query)).toEqual({
      types: ['Patient', 'Observation'],
      filters: [],
      query,
      pairs: [
        ['_type', 'Patient,Observation'],
        ['_elements', 'id,Patient.name'],
      ],
    });
  });

  it.each(['application/fhir+ndjson', 'application/fhir ndjson', 'application/ndjson', 'ndjson'])(
    'takes %s for the format',
    (format) => {
      expect(read({ _outputFormat: format }).pairs).toEqual([
        ['_outputFormat', 'application/fhir+ndjson'],
      ]);
    },
  );

  it('reads filters one by one, whose values may have commas', () => {
    const given = 'Patient?name=a,b&gender=male,Observation?code=x%26y';
    const { filters } = read({ _typeFilter: [given, 'Patient?active=true'] });

    expect(filters).toEqual([
      { type: 'Patient', query: { name: 'a,b', gender: 'male' } },
      { type: 'Observation', query: { code: 'x&y' } },
      { type: 'Patient', query: { active: 'true' } },
    ]);
    expect(filters.map(filterPair)).toEqual([
      ['_typeFilter', 'Patient?name=a%2Cb&gender=male'],
      ['_typeFilter', 'Observation?code=x%26y'],
      ['_typeFilter', 'Patient?active=true'],
    ]);
  });

  it('means the same by a resource as by the query that it goes on with', () => {
    const given = readBody(
      { name: '_type', valueString: 'Patient' },
      { name: '_since', valueInstant: '2026-01-01T00:00:00Z' },
      { name: '_type', valueCode: 'Observation' },
    );

    expect(read(given.query)).toEqual(given);
    expect(given.types).toEqual(['Patient', 'Observation']);
  });

  it.each<[string, QueryParams]>([
    ['an unknown parameter', { patient: 'p1' }],
    ['a parameter of rendering', { _format: 'json' }],
    ['an empty one', { _since: '' }],
    ['a repeated one', { _since: ['2026', '2025'] }],
    ['what is no time', { _until: 'now' }],
    ['another format', { _outputFormat: 'application/fhir+json' }],
    ['an unknown type', { _type: 'Patient,User' }],
    ['an empty type', { _type: 'Patient,' }],
    ['a filter without a type', { _typeFilter: 'name=x' }],
    ['a filter without criteria', { _typeFilter: 'Patient?' }],
    ['a filter of an unknown type', { _typeFilter: 'User?name=x' }],
    [
      'a filter of a type that is not exported',
      { _type: 'Patient', _typeFilter: 'Observation?x=y' },
    ],
    ['a filter with two queries', { _typeFilter: 'Patient?name=x?y' }],
    ['a filter that debugs', { _typeFilter: 'Patient?__debug=policy' }],
    ['too many filters', { _typeFilter: Array.from({ length: 21 }, () => 'Patient?name=x') }],
    ['an element that is none', { _elements: 'Patient.name.family' }],
    ['too many elements', { _elements: Array.from({ length: 201 }, () => 'id') }],
    [
      'what is too long for a link',
      { _elements: Array.from({ length: 199 }, () => 'x'.repeat(20)) },
    ],
  ])('refuses %s', (_name, query) => {
    expect(() => read(query)).toThrow(BadRequest);
  });

  it('refuses parameters in the query beside a resource, and unknown ones in it', () => {
    const body = bodyOf({ resourceType: 'Parameters' });

    expect(() => exportRequest({ _type: 'Patient' }, body, TYPES)).toThrow(BadRequest);
    expect(() => readBody({ name: 'patient', valueString: 'p1' })).toThrow(BadRequest);
    expect(() => readBody({ name: '_job', valueString: 'x' })).toThrow(BadRequest);
  });
});
