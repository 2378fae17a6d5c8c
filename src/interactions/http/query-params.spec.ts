import { readFileSync } from 'node:fs';
import { BadRequest } from '../../errors/fhir-error.js';
import { readParams, type Params } from './query-params.js';

interface ParameterVector {
  readonly name: string;
  readonly encoded: string;
  readonly params: Params | null;
}

const file = new URL('../../../test/vectors/paths/parameters.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as ParameterVector[];

describe('readParams', () => {
  it.each(vectors)('$name', ({ encoded, params }) => {
    const read = () => readParams(encoded, ['request-id']);

    if (params === null) expect(read).toThrow(BadRequest);
    else expect(read()).toEqual(params);
  });

  it('reads a target without a query', () => {
    expect(readParams(undefined)).toEqual({});
  });

  it('leaves names alone that this route does not know', () => {
    expect(readParams('request-id=1')).toEqual({ 'request-id': '1' });
  });

  it('bounds the number of parameters', () => {
    expect(readParams('a=1&'.repeat(1000))['a']).toHaveLength(1000);
    expect(() => readParams('a=1&'.repeat(1001))).toThrow('more than 1000');
  });
});
