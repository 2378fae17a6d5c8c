import { BadRequest } from '../../errors/fhir-error.js';
import { r4SearchDefinitions } from '../../fhir/definitions/r4-search-definitions.js';
import type { GatewaySettings } from '../gateway-settings.js';
import { LocalAddresses } from './local-addresses.js';

const HERE = 'https://here.example';
const OWN = `${HERE}/fhir`;
const BEHIND = 'http://10.0.0.7/fhir';
const addresses = new LocalAddresses(r4SearchDefinitions([]), {
  ...{ baseUrl: HERE, upstreamUrl: BEHIND, otherUpstreamUrls: ['http://other.example/r4'] },
} as Partial<GatewaySettings> as GatewaySettings);
const query = (name: string, value: string | string[], ...types: string[]) =>
  addresses.query({ [name]: value }, types)[name];

describe('LocalAddresses', () => {
  it.each([
    ['subject', `${OWN}/Patient/p1`, 'Patient/p1'],
    ['subject:Patient', `${OWN}/Patient/p1`, 'Patient/p1'],
    [
      'patient',
      `p2,${OWN}/Patient/p1,https://x.example/Patient/p3`,
      'p2,Patient/p1,https://x.example/Patient/p3',
    ],
  ])('names a resource here by Type/id: %s=%s', (name, value, sent) => {
    expect(query(name, value, 'Observation')).toBe(sent);
    expect(query(name, ['x', value], 'Observation')).toEqual(['x', sent]);
  });

  it.each([
    ['a name', 'url', 'ValueSet'],
    ['a canonical', '_profile', 'Observation'],
    ['an identifier', 'subject:identifier', 'Observation'],
    ['a chain', 'subject.general-practitioner', 'Observation'],
    ['what is no parameter', 'colour', 'Observation'],
    ['what is a canonical in one of the types', 'target', 'Provenance', 'ConceptMap'],
  ])('leaves %s', (_what, name, ...types) => {
    expect(query(name, `${OWN}/Patient/p1`, ...types)).toBe(`${OWN}/Patient/p1`);
    expect(query(name, `${BEHIND}/Patient/p1`, ...types)).toBe(`${BEHIND}/Patient/p1`);
  });

  it.each([`${BEHIND}/Patient/p1`, 'http://other.example/r4/Patient/p1'])(
    'refuses the address %s, which the upstream may know for its own',
    (value) => {
      expect(() => query('subject', value, 'Observation')).toThrow(BadRequest);
      expect(() => query('subject', `p1,${value}`, 'Observation')).toThrow(BadRequest);
    },
  );

  it('knows an address that both have for its own', () => {
    const both = new LocalAddresses(r4SearchDefinitions([]), {
      ...{ baseUrl: HERE, upstreamUrl: BEHIND, otherUpstreamUrls: [OWN] },
    } as Partial<GatewaySettings> as GatewaySettings);

    expect(both.query({ subject: `${OWN}/Patient/p1` }, ['Observation'])).toEqual({
      subject: 'Patient/p1',
    });
    expect(both.query({ subject: `${OWN}/x` }, ['Observation'])).toEqual({ subject: `${OWN}/x` });
  });
});
