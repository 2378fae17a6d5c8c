import { BadRequest } from '../../errors/fhir-error.js';
import { bodyOf, type Json } from '../../interactions/formats/json.js';
import { everythingParameters } from './everything-request.js';

const parameters = (...parameter: readonly Json[]) =>
  bodyOf({ resourceType: 'Parameters', parameter });

describe('everythingParameters', () => {
  it('reads the query', () => {
    const query = {
      start: '2020',
      _type: ['Observation', 'Patient'],
      _after: 'a',
      _format: 'json',
    };

    expect(everythingParameters(query, undefined)).toEqual({
      ...query,
      _type: 'Observation,Patient',
    });
  });

  it('reads a Parameters resource', () => {
    const body = parameters(
      { name: 'start', valueDate: '2020' },
      { name: '_type', valueCode: 'Observation' },
      { name: '_type', valueCode: 'Patient' },
      { name: '_count', valueInteger: 5 },
    );

    expect(everythingParameters({ _format: 'json' }, body)).toEqual({
      _format: 'json',
      start: '2020',
      _type: 'Observation,Patient',
      _count: '5',
    });
  });

  it.each<[string, Record<string, string | string[]>]>([
    ['an unknown parameter', { date: '2020' }],
    ['a search parameter', { patient: 'p1' }],
    ['an empty value', { start: '' }],
    ['a repeated parameter', { start: ['2020', '2021'] }],
  ])('refuses %s in the query', (_name, query) => {
    expect(() => everythingParameters(query, undefined)).toThrow(BadRequest);
  });

  it.each<[string, Json]>([
    ['another resource', { resourceType: 'Patient' }],
    ['no object', []],
    ['parameters that are no list', { resourceType: 'Parameters', parameter: {} }],
    [
      'a parameter without a name',
      { resourceType: 'Parameters', parameter: [{ valueDate: '2020' }] },
    ],
    ['a parameter without a value', { resourceType: 'Parameters', parameter: [{ name: 'start' }] }],
    [
      'a parameter with two values',
      {
        resourceType: 'Parameters',
        parameter: [{ name: 'start', valueDate: '1', valueCode: '1' }],
      },
    ],
    [
      'a parameter of links',
      { resourceType: 'Parameters', parameter: [{ name: '_after', valueString: 'a' }] },
    ],
    [
      'a repeated parameter',
      {
        resourceType: 'Parameters',
        parameter: [
          { name: 'start', valueDate: '2020' },
          { name: 'start', valueDate: '2021' },
        ],
      },
    ],
  ])('refuses %s as body', (_name, value) => {
    expect(() => everythingParameters({}, bodyOf(value))).toThrow(BadRequest);
  });

  it('refuses parameters in the query beside a body', () => {
    expect(() => everythingParameters({ start: '2020' }, parameters())).toThrow(BadRequest);
  });
});
