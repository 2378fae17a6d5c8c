import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { BadRequest } from '../../../errors/fhir-error.js';
import type { WrittenDefinitions } from '../definitions/search-definitions.js';
import { SearchDefinitions } from '../definitions/search-definitions.js';
import type { QueryParams } from '../parse-search.js';
import { composeSearch } from './compose-search.js';
import { parseIndexedSearch } from './parse-indexed-search.js';
import { EVERY_ROW, SearchStatement } from './search-statement.js';

interface Vector {
  readonly name: string;
  readonly type: string;
  readonly query: QueryParams;
  readonly code: string;
}

const vectors = JSON.parse(
  readFileSync('test/vectors/search/refused-clinical.json', 'utf8'),
) as readonly Vector[];
const definitions = new SearchDefinitions(
  JSON.parse(readFileSync('src/fhir/definitions/r4-search.json', 'utf8')) as WrittenDefinitions,
);
const context = { definitions, baseUrl: 'https://here.example/fhir' };
const parse = (type: string, query: QueryParams) => parseIndexedSearch(query, [type], context);

function refusalOf(work: () => unknown): BadRequest {
  try {
    work();
  } catch (error) {
    if (error instanceof BadRequest) return error;
    throw error;
  }
  throw new Error('It was not refused');
}

describe('parseIndexedSearch', () => {
  it.each(vectors)('refuses $name', ({ type, query, code }) => {
    expect(refusalOf(() => parse(type, query)).issues[0]?.code).toBe(code);
  });

  it.each([
    ['Patient', { family: 'x' }],
    ['Patient', { 'identifier:of-type': 's|c|v' }],
    ['Patient', { active: 'true' }],
    ['Patient', { birthdate: 'ap2020' }],
    ['Patient', { 'gender:missing': 'true' }],
    ['RiskAssessment', { probability: 'gt1e-2' }],
    ['Observation', { 'value-quantity': '5|s|c' }],
    ['Observation', { 'subject:Patient': 'Patient/1' }],
    ['Observation', { 'code-value-quantity': '8480-6$gt1' }],
    ['Observation', { 'subject:Patient.family': 'x' }],
    ['Patient', { 'link:Patient.link:Patient.link:Patient.link:Patient.family': 'x' }],
    ['Patient', { '_has:Observation:patient:code': 'x' }],
    ['Observation', { _include: 'Observation:subject:Patient' }],
    ['Medication', { _revinclude: 'Provenance:target' }],
    ['Patient', { _sort: '-birthdate,family,_id' }],
    ['Patient', { _elements: 'id,name,multipleBirth' }],
    ['Patient', { _summary: 'count', _total: 'none' }],
    ['Patient', { _after: 'WyJQYXRpZW50IiwicDEiXQ' }],
  ])('takes %s %j', (type, query) => {
    expect(() => parse(type, query)).not.toThrow();
  });

  it.each([
    [
      'Observation',
      { 'subject:Patient.family': 'x' },
      [{ type: 'Patient', query: { family: 'x' } }],
    ],
    [
      'Observation',
      { 'subject:Patient.organization.name': 'x' },
      [
        { type: 'Patient', query: { 'organization.name': 'x' } },
        { type: 'Organization', query: { name: 'x' } },
      ],
    ],
    [
      'Patient',
      { '_has:Observation:patient:code': 'x' },
      [{ type: 'Observation', query: { code: 'x' } }],
    ],
    ['Observation', { _include: 'Observation:subject:Patient' }, [{ type: 'Patient', query: {} }]],
    [
      'Observation',
      { _include: 'Observation:subject' },
      ['Device', 'Group', 'Location', 'Patient'].map((type) => ({ type, query: {} })),
    ],
    ['Patient', { _revinclude: 'Flag:subject' }, [{ type: 'Flag', query: {} }]],
    [
      'Account',
      { _include: '*' },
      [
        ...['Organization', 'Patient', 'Device', 'HealthcareService', 'Location', 'Practitioner'],
        'PractitionerRole',
      ].map((type) => ({ type, query: {} })),
    ],
    ['Patient', { family: 'x' }, []],
  ])('says what %s %j reaches', (type, query, inline) => {
    expect(parse(type, query).inline).toEqual(inline);
  });

  it('takes as many criteria as it says', () => {
    const given = Array.from({ length: 50 }, () => 'x');

    expect(parse('Patient', { given }).conditions).toHaveLength(50);
    expect(refusalOf(() => parse('Patient', { given: [...given, 'x'] })).issues[0]?.code).toBe(
      'too-costly',
    );
  });
});

describe('the bounds of a search', () => {
  const code = (work: () => unknown) => refusalOf(work).issues[0]?.code;

  it('hold for includes, of which equal ones count once when they are carried out', () => {
    const include = Array.from({ length: 20 }, () => 'Flag:subject:Patient');

    expect(parse('Flag', { _include: include }).includes).toHaveLength(1);
    expect(code(() => parse('Flag', { _include: [...include, 'Flag:subject:Group'] }))).toBe(
      'too-costly',
    );
  });

  it('hold for the types that are reached', () => {
    const all = ['Provenance:target', 'Provenance:entity'];

    expect(parse('Provenance', { _include: all }).inline.length).toBeGreaterThan(200);
    expect(code(() => parse('Provenance', { _include: all, '_include:iterate': all }))).toBe(
      'too-costly',
    );
  });

  it('hold for what is asked of them', () => {
    const chains = (length: number) => ({ 'patient.name': 'x'.repeat(length) });

    expect(parse('Flag', chains(256 * 1024)).inline).toHaveLength(1);
    expect(code(() => parse('Flag', chains(256 * 1024 + 1)))).toBe('too-costly');
  });

  it('hold for lists', () => {
    const list = (length: number) => Array.from({ length }, (_, n) => `e${n}`).join();

    expect(code(() => parse('Patient', { _elements: list(201) }))).toBe('too-costly');
    expect(code(() => parse('Patient', { _elements: list(200) }))).toBe('value');
    expect(code(() => parse('Patient', { _sort: list(6) }))).toBe('too-costly');
  });

  it('hold for the values of a statement', () => {
    const url = `https://x.example/${Array.from({ length: 45 }, (_, n) => n).join('/')}`;
    const values = Array.from({ length: 100 }, (_, n) => `${url}/${n}`).join(',');
    const search = parse('ValueSet', { 'url:above': [values, values] });

    expect(code(() => composeSearch(search, new SearchStatement(EVERY_ROW)))).toBe('too-costly');
    const fewer = parse('ValueSet', { 'url:above': values.slice(0, url.length + 2) });
    expect(composeSearch(fewer, new SearchStatement(EVERY_ROW))).toContain('search_uri');
  });
});

describe('a row filter', () => {
  const filter = {
    conditionFor: (type: string) =>
      type === 'Device' ? undefined : (row: string) => `${row}.id <> 'hidden'`,
  };
  const textOf = (type: string, query: QueryParams): string =>
    composeSearch(parse(type, query), new SearchStatement(filter));

  it.each([
    ['matches and their total', 'Patient', { family: 'x' }, 2],
    ['matches without a total', 'Patient', { family: 'x', _total: 'none' }, 1],
    ['the total alone', 'Patient', { _summary: 'count' }, 1],
    ['sorted pages', 'Patient', { _sort: 'family', _total: 'none' }, 1],
    ['chains', 'Observation', { 'subject:Patient.family': 'x', _total: 'none' }, 2],
    ['reverse chains', 'Patient', { '_has:Flag:patient:_id': 'x', _total: 'none' }, 2],
    ['includes', 'Flag', { _include: 'Flag:subject:Patient', _total: 'none' }, 2],
    ['reverse includes', 'Patient', { _revinclude: 'Flag:subject', _total: 'none' }, 2],
  ])('holds for %s', (_, type, query, places) => {
    const text = textOf(type, query);

    expect(text.match(/\.id <> 'hidden'/g)).toHaveLength(places);
  });

  it('is at every place that names the table of resources but the one that reads what was found', () => {
    const text = textOf('Observation', {
      'subject:Patient.organization.name': 'x',
      '_has:Provenance:target:agent.name': 'y',
      _include: 'Observation:subject:Patient',
      '_revinclude:iterate': 'Provenance:target',
    });
    const tables = text.match(/clinical_resource/g)?.length ?? 0;
    const filters = text.match(/resource_type = ANY\(|resource_type = \$/g)?.length ?? 0;

    expect(text.match(/JOIN clinical_resource USING \(search_key\)/g)).toHaveLength(1);
    expect(filters).toBeGreaterThanOrEqual(tables - 1);
  });

  it('may differ by type', () => {
    const types = ['Device', 'Patient'];
    const search = parseIndexedSearch({ _total: 'none' }, types, context);

    expect(composeSearch(search, new SearchStatement(filter))).toMatch(
      /resource_type = \$\d+ OR \S+resource_type = \$\d+ AND \(\S+\.id <> 'hidden'\)/,
    );
    expect(composeSearch(search, new SearchStatement(EVERY_ROW))).not.toContain('hidden');
  });
});
