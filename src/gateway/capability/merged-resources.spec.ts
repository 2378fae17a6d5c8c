import { commonPatches, mergedResources, type Reach } from './merged-resources.js';

const UPSTREAM = 'http://10.0.0.7/fhir';
const REACH: Reach = {
  parameters: () => new Set(['race']),
  hasOperation: () => true,
  resource: (url) => url.replace(UPSTREAM, 'https://wardgate.example/fhir'),
};

describe('what is said of a type of the upstream', () => {
  it('names its definitions as clients reach them', () => {
    const resource = {
      type: 'Patient',
      profile: `${UPSTREAM}/StructureDefinition/own`,
      supportedProfile: [`${UPSTREAM}/StructureDefinition/more`, 'http://hl7.org/fhir/x'],
      searchParam: [
        { name: 'race', type: 'token', definition: `${UPSTREAM}/SearchParameter/race` },
      ],
    };

    expect(mergedResources({ rest: [{ mode: 'server', resource: [resource] }] }, REACH)).toEqual([
      {
        type: 'Patient',
        profile: 'https://wardgate.example/fhir/StructureDefinition/own',
        supportedProfile: [
          'https://wardgate.example/fhir/StructureDefinition/more',
          'http://hl7.org/fhir/x',
        ],
        searchParam: [
          {
            name: 'race',
            type: 'token',
            definition: 'https://wardgate.example/fhir/SearchParameter/race',
          },
        ],
      },
    ]);
  });
});

describe('formats of patches', () => {
  it.each([
    [['application/json-patch+json', 'application/fhir+xml'], ['application/json-patch+json']],
    ['application/json-patch+json', undefined],
    [{ length: 1 }, undefined],
    [undefined, undefined],
  ])('are those that both sides take: %j', (given, patchFormat) => {
    expect(commonPatches(given)).toEqual(patchFormat === undefined ? {} : { patchFormat });
  });
});
