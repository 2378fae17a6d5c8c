import type { QueryParams } from '../../../src/interactions/search/parse-search.js';
import type { Population } from './population.js';

/** A search as many callers ask it, each for somebody else. */
export interface Question {
  readonly title: string;
  readonly type: string;
  /** @param at tells the callers apart */
  query(at: number): QueryParams;
}

const LOINC = 'http://loinc.org';
const HEIGHT = `${LOINC}|8302-2`;
const PRESSURE = `${LOINC}|55284-4`;

/** @param copies of the population that are stored */
export function questionsOf(population: Population, copies: number): readonly Question[] {
  const copyOf = (at: number): number => (at * 7919) % copies;
  const oneOf = (type: string, at: number): string => {
    const ids = population.ids(type, copyOf(at));
    return ids[at % ids.length] ?? '';
  };
  const patient = (at: number): string => oneOf('Patient', at);
  const ask = (type: string, query: Question['query'], title = shown(query(0))): Question => ({
    type,
    query,
    title: `${type}?${title}`,
  });
  return [
    ask('Patient', (at) => ({ _id: patient(at) }), '_id=…'),
    ask('Patient', (at) => ({ family: `mueller ${copyOf(at)}` }), 'family=… (1)'),
    ask('Patient', () => ({ family: 'mueller' })),
    ask('Patient', (at) => ({ 'family:contains': `ler ${copyOf(at)}` }), 'family:contains=…'),
    ask('Patient', (at) => ({ birthdate: `${1950 + (at % 40)}` }), 'birthdate=<year>'),
    ask('Patient', () => ({ gender: 'female', _sort: 'family', _count: '20' })),
    ask('Observation', (at) => ({ patient: patient(at) }), 'patient=…'),
    ask('Observation', (at) => ({ patient: patient(at), code: HEIGHT }), 'patient=…&code=…'),
    ask(
      'Observation',
      (at) => ({ patient: patient(at), _sort: '-date', _count: '20' }),
      'patient=…&_sort=-date&_count=20',
    ),
    ask('Observation', () => ({ code: HEIGHT, _count: '20' }), 'code=…'),
    ask(
      'Observation',
      () => ({ code: HEIGHT, _count: '20', _total: 'none' }),
      'code=…&_total=none',
    ),
    ask(
      'Observation',
      (at) => ({ code: HEIGHT, date: `${1990 + (at % 20)}-0${1 + (at % 9)}`, _count: '20' }),
      'code=…&date=<month>&_count=20',
    ),
    ask(
      'Observation',
      () => ({ code: HEIGHT, _sort: '-date', _count: '20', _total: 'none' }),
      'code=…&_sort=-date&_count=20&_total=none',
    ),
    ask(
      'Observation',
      () => ({ 'code-value-quantity': '8302-2$gt190', _count: '20' }),
      'code-value-quantity=…$gt190&_count=20',
    ),
    ask(
      'Observation',
      () => ({ code: PRESSURE, 'component-code-value-quantity': '8480-6$gt180', _count: '20' }),
      'code=…&component-code-value-quantity=…$gt180&_count=20',
    ),
    ask('Observation', () => ({ _count: '20', _total: 'none' })),
    ask('Observation', () => ({ _count: '0' })),
    ask(
      'Observation',
      (at) => ({ 'subject:Patient.family': `mueller ${copyOf(at)}`, _count: '20' }),
      'subject:Patient.family=… (1 patient)',
    ),
    ask(
      'Observation',
      () => ({ 'subject:Patient.family': 'mueller', code: HEIGHT, _count: '20' }),
      'subject:Patient.family=mueller&code=…&_count=20',
    ),
    ask(
      'Observation',
      (at) => ({
        'encounter:Encounter.service-provider': `Organization/${oneOf('Organization', at)}`,
      }),
      'encounter:Encounter.service-provider=…',
    ),
    ask('Patient', () => ({ '_has:Condition:patient:code': '444814009', _count: '20' })),
    ask('Patient', () => ({ '_has:Condition:patient:code': '428251008', family: 'mueller' })),
    ask(
      'Observation',
      (at) => ({ patient: patient(at), _include: 'Observation:encounter', _count: '20' }),
      'patient=…&_include=Observation:encounter&_count=20',
    ),
    ask(
      'Patient',
      (at) => ({ _id: patient(at), _revinclude: 'Observation:patient' }),
      '_id=…&_revinclude=Observation:patient',
    ),
    ask(
      'Encounter',
      (at) => ({ _lastUpdated: `2026-01-0${1 + (at % 9)}`, _count: '20' }),
      '_lastUpdated=<day>&_count=20',
    ),
    ask('Claim', (at) => ({ identifier: `none-${at}` }), 'identifier=… (0)'),
  ];
}

function shown(query: QueryParams): string {
  return Object.entries(query)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join('&');
}
