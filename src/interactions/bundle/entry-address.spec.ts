import { BadRequest } from '../../errors/fhir-error.js';
import { parseEntryAddress } from './entry-address.js';

const BASE = 'https://gate.example';
const NOTHING = { id: undefined, vid: undefined, isHistory: false, query: {} };

describe('parseEntryAddress', () => {
  it.each([
    ['Patient', { type: 'Patient' }],
    ['/Patient', { type: 'Patient' }],
    ['/fhir/Patient', { type: 'Patient' }],
    [`${BASE}/fhir/Patient/p1`, { type: 'Patient', id: 'p1' }],
    ['Patient/p.-1', { type: 'Patient', id: 'p.-1' }],
    ['Patient/...', { type: 'Patient', id: '...' }],
    ['Patient/_history', { type: 'Patient', isHistory: true }],
    ['Patient/p1/_history', { type: 'Patient', id: 'p1', isHistory: true }],
    ['Patient/p1/_history/2', { type: 'Patient', id: 'p1', vid: '2', isHistory: true }],
  ])('reads %s', (url, parts) => {
    expect(parseEntryAddress(url, BASE)).toEqual({
      ...NOTHING,
      queryString: undefined,
      ...parts,
    });
  });

  it('reads parameters as those of a request', () => {
    expect(parseEntryAddress('Patient?identifier=s%7C1&_id=a&_id=b', BASE)).toMatchObject({
      queryString: 'identifier=s%7C1&_id=a&_id=b',
      query: { identifier: 's|1', _id: ['a', 'b'] },
    });
  });

  it.each([
    ...['', '/', '?_id=1', 'patient', 'fhir/Patient', '//Patient', 'Patient/', 'Patient//p1'],
    ...[
      'Patient/.',
      'Patient/..',
      'Patient/../User',
      'Patient/p1/..',
      './Patient',
      '/fhir/../Client',
    ],
    ...['Patient/p1/_history/', 'Patient/_history/1', 'Patient/p1/x', 'Patient/p1/_history/1/2'],
    ...['Patient/%70', 'Pat%69ent', 'Patient%2Fp1', 'Patient\\p1', 'Patient/p 1', 'Patient/p1\n'],
    ...['$validate', 'Patient/$validate', 'Patient/p1/$everything', 'Patient/_search'],
    ...['/auth/login', 'auth/login', '/health/live', '_history', 'metadata', 'Patient;a=b'],
    ...['http://gate.example/fhir/Patient', 'https://gate.example.evil/fhir/Patient'],
    ...[
      'https://gate.example/Patient',
      'https://gate.example@evil/fhir/Patient',
      'file:///Patient',
    ],
    ...['urn:uuid:1', 'Patient#a', 'Patient?a=b#c', 'Patient?name=\u00e9', 'Patient?a= b'],
    ...['Patient?su=admin', 'Patient?__debug=policy', 'Patient?%5F_debug=policy', 'Patient?%73u=1'],
    ...[
      'Patient?access_token=x',
      'Patient?resource/id=1',
      'Patient?a=%',
      `Patient/${'a'.repeat(65)}`,
    ],
    ...[`Patient?a=${'b'.repeat(8192)}`],
  ])('refuses %p', (url) => {
    expect(() => parseEntryAddress(url, BASE)).toThrow(BadRequest);
  });
});
