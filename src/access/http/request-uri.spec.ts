import { isRequestUri } from './request-uri.js';

const BASE = 'https://gate.example.org/gate';
const PATH = '/fhir/Patient/p1';

describe('isRequestUri', () => {
  it.each([
    'https://gate.example.org/gate/fhir/Patient/p1',
    'https://gate.example.org:443/gate/fhir/Patient/p1',
    'HTTPS://GATE.example.org/gate/fhir/Patient/p1?a=b#c',
    'https://gate.example.org/gate//fhir/Patient/%701/',
    'https://gate.example.org/x/../gate/fhir/Patient/p1',
  ])('takes %s', (uri) => {
    expect(isRequestUri(uri, BASE, PATH)).toBe(true);
  });

  it.each([
    'http://gate.example.org/gate/fhir/Patient/p1',
    'https://gate.example.org:8443/gate/fhir/Patient/p1',
    'https://gate.example.org.evil.example/gate/fhir/Patient/p1',
    'https://user@gate.example.org/gate/fhir/Patient/p1',
    'https://gate.example.org/fhir/Patient/p1',
    'https://gate.example.org/gate/fhir/Patient/P1',
    'https://gate.example.org/gate/fhir/Patient%2Fp1',
    'https://gate.example.org/gate/fhir/Patient',
    '/gate/fhir/Patient/p1',
    'data:text/plain,gate',
    'blob:https://gate.example.org/gate/fhir/Patient/p1',
    '',
  ])('does not take %j', (uri) => {
    expect(isRequestUri(uri, BASE, PATH)).toBe(false);
  });

  it('takes a path that cannot be served for none', () => {
    expect(isRequestUri('https://gate.example.org/gate/%00', BASE, '/%00')).toBe(false);
  });
});
