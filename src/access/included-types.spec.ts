import { r4SearchDefinitions } from '../fhir/definitions/r4-search-definitions.js';
import type { Params } from '../interactions/http/query-params.js';
import { reachedTypes } from '../interactions/search/query/reached-types.js';
import { includedTypes, type SearchedRequest, type SearchReach } from './included-types.js';

const definitions = r4SearchDefinitions();
const context = { definitions, baseUrl: 'http://wardgate/fhir' };
const reach: SearchReach = {
  typesReachedBy: (query, types) => reachedTypes(query, types, context),
};

function included(query: Params, request: Partial<SearchedRequest> = {}): readonly string[] {
  const routeParams = { type: 'Observation' };
  return includedTypes({ operation: 'FhirSearch', routeParams, query, ...request }, reach);
}

describe('includedTypes', () => {
  it.each<[string, Params, readonly string[]]>([
    ['a chain', { 'subject:Patient.name': 'x' }, ['Patient']],
    ['a chain without type', { 'patient.name': 'x' }, ['Patient']],
    ['each link of a chain', { 'patient.organization.name': 'x' }, ['Organization', 'Patient']],
    ['_has', { '_has:Provenance:target:agent': 'Practitioner/x' }, ['Provenance']],
    ['_include', { _include: 'Observation:specimen' }, ['Specimen']],
    ['_revinclude', { _revinclude: 'Provenance:target' }, ['Provenance']],
    [
      '_include:iterate',
      { _include: 'Observation:patient', '_include:iterate': 'Patient:organization' },
      ['Organization', 'Patient'],
    ],
    [
      'a repeated parameter',
      { _include: ['Observation:specimen', 'Observation:patient'], code: 'c' },
      ['Patient', 'Specimen'],
    ],
  ])('names the types that a search reaches by %s', (_, query, types) => {
    expect(included(query)).toEqual(types);
  });

  it('names none for a search that leads nowhere, or cannot be read', () => {
    expect(included({ code: 'c', subject: 'Patient/p1', _id: 'a.b' })).toEqual([]);
    expect(included({ 'code.name': 'c' })).toEqual([]);
    expect(included({ _include: 'Observation:nothing' })).toEqual([]);
  });

  it('reads what leads further by the parameter alone, not by what else is refused', () => {
    expect(included({ _include: 'Observation:patient', nonsense: 'x' })).toEqual(['Patient']);
  });

  it('knows where the searched type of each operation stands', () => {
    const query = { _include: 'Observation:specimen' };
    const routeParams = { type: 'Patient', member: 'Observation' };

    expect(included(query, { operation: 'FhirCompartmentSearch', routeParams })).toEqual([
      'Specimen',
    ]);
    expect(included(query, { operation: 'FhirConditionalDelete' })).toEqual(['Specimen']);
    expect(
      included(
        { ...query, _type: 'Observation,Condition' },
        { operation: 'FhirSystemSearch', routeParams: {} },
      ),
    ).toEqual(['Specimen']);
    expect(included(query, { operation: 'FhirRead' })).toEqual([]);
    expect(included(query, { operation: 'FhirSearch', routeParams: {} })).toEqual([]);
  });

  it('reads no more types than a search takes', () => {
    const many = definitions.types.slice(0, 51).join(',');
    const operation = 'FhirSystemSearch';
    const query = { _revinclude: 'Provenance:target' };

    expect(included({ ...query, _type: many }, { operation })).toEqual([]);
    expect(included({ ...query, _type: 'Observation' }, { operation })).toEqual(['Provenance']);
  });
});
