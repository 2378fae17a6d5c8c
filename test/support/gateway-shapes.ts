import type { Call } from './test-app.js';

/** What a Client may do, as matcho patterns. */
export const CLIENTS = {
  everything: [{}],
  nothing: [],
  p1: [{ operation: { id: 'FhirRead' }, uri: '#^/fhir/Patient/p1$' }],
  patients: [{ operation: { id: 'FhirSearch' }, params: { 'resource/type': 'Patient' } }],
  active: [
    {
      operation: { id: { $enum: ['FhirSearch', 'FhirHistory', 'FhirConditionalDelete'] } },
      params: { 'resource/type': 'Patient', active: 'true' },
    },
  ],
  compartment: [
    { operation: { id: 'FhirCompartmentSearch' }, params: { 'resource/id': 'p1' } },
    { operation: { id: 'FhirVread' }, params: { 'resource/id': 'p1' } },
  ],
  bundles: [
    { operation: { id: 'FhirTransaction' } },
    { operation: { id: 'FhirRead' }, params: { 'resource/id': 'p1' } },
  ],
  several: [
    { operation: { id: 'FhirSystemSearch' } },
    { operation: { id: 'FhirSearch' }, params: { 'resource/type': 'Patient' } },
  ],
} as const;

type Client = keyof typeof CLIENTS;

/** A request, and what each Client that may do it is answered; all others are answered 403. */
export interface Shape {
  readonly name: string;
  readonly ask: readonly [method: string, path: string, call?: Call];
  readonly answers: Partial<Record<Client, string>>;
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const batch = (...urls: readonly string[]): Call => ({
  body: {
    resourceType: 'Bundle',
    type: 'batch',
    entry: urls.map((url) => ({ request: { method: 'GET', url } })),
  },
});

/** Requests of every shape. */
export const SHAPES: readonly Shape[] = [
  {
    name: 'a read',
    ask: ['GET', '/fhir/Patient/p1'],
    answers: { everything: '200 Patient/p1', p1: '200 Patient/p1', bundles: '200 Patient/p1' },
  },
  {
    name: 'the history of everything',
    ask: ['GET', '/fhir/_history'],
    answers: { everything: '200 Observation/o1 Patient/p1 Patient/p2' },
  },
  {
    name: 'a read of another',
    ask: ['GET', '/fhir/Patient/p2'],
    answers: { everything: '200 Patient/p2' },
  },
  {
    name: 'a read with an escaped letter',
    ask: ['GET', '/fhir/Patient/%701'],
    answers: { everything: '200 Patient/p1', p1: '200 Patient/p1', bundles: '200 Patient/p1' },
  },
  {
    name: 'a read with slashes too many',
    ask: ['GET', '//fhir///Patient/p1/'],
    answers: { everything: '200 Patient/p1', p1: '200 Patient/p1', bundles: '200 Patient/p1' },
  },
  {
    name: 'a vread',
    ask: ['GET', '/fhir/Patient/p1/_history/1'],
    answers: { everything: '200 Patient/p1', compartment: '200 Patient/p1' },
  },
  {
    name: 'a search',
    ask: ['GET', '/fhir/Patient'],
    answers: {
      everything: '200 Patient/p1 Patient/p2',
      patients: '200 Patient/p1 Patient/p2',
      several: '200 Patient/p1 Patient/p2',
    },
  },
  {
    name: 'a search with a parameter',
    ask: ['GET', '/fhir/Patient?active=true'],
    answers: {
      everything: '200 Patient/p1',
      patients: '200 Patient/p1',
      active: '200 Patient/p1',
      several: '200 Patient/p1',
    },
  },
  {
    name: 'a search with a parameter twice',
    ask: ['GET', '/fhir/Patient?active=true&active=false'],
    answers: { everything: '200', patients: '200', several: '200' },
  },
  {
    name: 'a search by a form',
    ask: ['POST', '/fhir/Patient/_search', { body: 'active=true', headers: FORM }],
    answers: {
      everything: '200 Patient/p1',
      patients: '200 Patient/p1',
      active: '200 Patient/p1',
      several: '200 Patient/p1',
    },
  },
  {
    name: 'a search whose parameter is in the query and in the form',
    ask: ['POST', '/fhir/Patient/_search?active=true', { body: 'active=false', headers: FORM }],
    answers: Object.fromEntries(Object.keys(CLIENTS).map((client) => [client, '400'])),
  },
  {
    name: 'a search that pretends to be another method',
    ask: ['GET', '/fhir/Patient?_method=DELETE'],
    answers: { everything: '400', patients: '400', several: '400' },
  },
  {
    name: 'a search that asks for a debugger',
    ask: ['GET', '/fhir/Patient?__debug=policy'],
    answers: { everything: '400', patients: '400', several: '400' },
  },
  {
    name: 'a search by a parameter that nobody knows',
    ask: ['GET', '/fhir/Patient?active=true&colour=blue'],
    answers: { everything: '400', patients: '400', active: '400', several: '400' },
  },
  {
    name: 'an include',
    ask: ['GET', '/fhir/Observation?_include=Observation:patient'],
    answers: { everything: '200 Observation/o1 Patient/p1' },
  },
  {
    name: 'a reverse include',
    ask: ['GET', '/fhir/Patient?active=true&_revinclude=Observation:patient'],
    answers: { everything: '200 Observation/o1 Patient/p1' },
  },
  {
    name: 'a search of several types',
    ask: ['GET', '/fhir?_type=Patient'],
    answers: { everything: '200 Patient/p1 Patient/p2', several: '200 Patient/p1 Patient/p2' },
  },
  {
    name: 'a search of several types of which one is not allowed',
    ask: ['GET', '/fhir?_type=Patient,Observation'],
    answers: { everything: '200 Observation/o1 Patient/p1 Patient/p2' },
  },
  {
    name: 'a search of all types',
    ask: ['GET', '/fhir'],
    answers: { everything: '400', several: '400' },
  },
  {
    name: 'a search in a compartment',
    ask: ['GET', '/fhir/Patient/p1/Observation'],
    answers: { everything: '200 Observation/o1', compartment: '200 Observation/o1' },
  },
  {
    name: 'a search in the compartment of another',
    ask: ['GET', '/fhir/Patient/p2/Observation'],
    answers: { everything: '200' },
  },
  {
    name: 'a search in a compartment that a system resource would have',
    ask: ['GET', '/fhir/Patient/p1/User'],
    answers: { everything: '404', compartment: '404' },
  },
  {
    name: 'a history',
    ask: ['GET', '/fhir/Patient/p1/_history'],
    answers: { everything: '200 Patient/p1' },
  },
  {
    name: 'a history with the parameter that a policy demands',
    ask: ['GET', '/fhir/Patient/p1/_history?active=true'],
    answers: { everything: '400', active: '400' },
  },
  {
    name: 'a batch',
    ask: ['POST', '/fhir', batch('Patient/p1', 'Patient/p2')],
    answers: {
      everything: '200 200:Patient/p1 200:Patient/p2',
      bundles: '200 200:Patient/p1 403:',
    },
  },
  {
    name: 'a batch with other servers and other routes',
    ask: [
      'POST',
      '/fhir',
      batch('http://x.example/fhir/Patient/p1', '../auth', '$export', '/fhir'),
    ],
    answers: { everything: '200 400: 400: 400: 400:', bundles: '200 400: 400: 400: 400:' },
  },
  {
    name: 'a delete by criteria',
    ask: ['DELETE', '/fhir/Patient?active=true&_id=nobody'],
    answers: { everything: '204', active: '204' },
  },
  {
    name: 'a type that R4 has not',
    ask: ['GET', '/fhir/Alien/a1'],
    answers: { everything: '404' },
  },
  {
    name: 'a type in lower case',
    ask: ['GET', '/fhir/patient/p1'],
    answers: { everything: '404', bundles: '404' },
  },
];
