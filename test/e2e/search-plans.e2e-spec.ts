import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../src/database/data-source.js';
import { r4SearchDefinitions } from '../../src/fhir/definitions/r4-search-definitions.js';
import { SearchIndex } from '../../src/interactions/search/index/search-index.js';
import type { QueryParams } from '../../src/interactions/search/parse-search.js';
import { composeSearch } from '../../src/interactions/search/query/compose-search.js';
import { parseIndexedSearch } from '../../src/interactions/search/query/parse-indexed-search.js';
import {
  EVERY_ROW,
  SearchStatement,
} from '../../src/interactions/search/query/search-statement.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const BASE = 'https://here.example/fhir';
const PATIENTS = 2000;
const OBSERVATIONS_EACH = 5;

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly Plan[];
}

function nodes(plan: Plan): readonly Plan[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodes)];
}

const resources = (): readonly object[] =>
  Array.from({ length: PATIENTS }, (_, n) => [
    {
      resourceType: 'Patient',
      id: `p${n}`,
      name: [{ family: `Family${n}`, given: ['Given'] }],
      birthDate: `${1920 + (n % 100)}-01-0${(n % 9) + 1}`,
      gender: n % 2 === 0 ? 'male' : 'female',
      identifier: [{ system: 'urn:mrn', value: `m${n}` }],
      telecom: [{ system: 'phone', value: `555-${n}` }],
    },
    ...Array.from({ length: OBSERVATIONS_EACH }, (__, m) => ({
      resourceType: 'Observation',
      id: `b${n}-${m}`,
      status: 'final',
      meta: { profile: [`https://profiles.example/${n % 500}`] },
      code: { coding: [{ system: 'http://loinc.org', code: `c${(n * 7 + m) % 400}` }] },
      subject: { reference: `Patient/p${n}` },
      effectiveDateTime: `20${10 + (n % 15)}-0${m + 1}-1${n % 9}T10:00:00Z`,
      valueQuantity: { value: (n * 13 + m) % 5000, system: 'u', code: 'kg' },
    })),
  ]).flat();

/** What a search asks of the database does not grow with what it does not find. */
describe('the plan of a search', () => {
  const definitions = r4SearchDefinitions();
  let database: TestDatabase;
  let dataSource: DataSource;

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = new DataSource(dataSourceOptions({ url: database.url }, { poolSize: 2 }));
    await dataSource.initialize();
    const index = new SearchIndex(definitions, BASE);
    const all = resources().map((resource) => JSON.stringify(resource));
    for (let at = 0; at < all.length; at += 500) {
      const rows: { key: string; type: string; text: string }[] = await dataSource.query(
        `INSERT INTO clinical_resource
           (resource_type, id, version_id, created_at, last_updated, method, resource)
         SELECT r ->> 'resourceType', r ->> 'id', 1, now(), now(), 'PUT', r
           FROM unnest($1::jsonb[]) AS r
         RETURNING search_key AS key, resource_type AS type, resource::text AS text`,
        [all.slice(at, at + 500)],
      );
      await index.add(dataSource.manager, rows);
    }
    // Without it PostgreSQL does not know that it need not look into the tables.
    await dataSource.query('VACUUM ANALYZE');
  }, 240_000);
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  async function planOf(type: string, query: QueryParams): Promise<readonly Plan[]> {
    const search = parseIndexedSearch(query, [type], { definitions, baseUrl: BASE });
    const statement = new SearchStatement(EVERY_ROW);
    const text = composeSearch(search, statement);
    const rows: { 'QUERY PLAN': readonly { Plan: Plan }[] }[] = await dataSource.query(
      `EXPLAIN (FORMAT JSON) ${text}`,
      statement.values,
    );
    const plan = rows[0]?.['QUERY PLAN'][0]?.Plan;
    if (!plan) throw new Error('There is no plan');
    // Of one row.
    return nodes(plan).filter((node) => node['Relation Name'] !== 'search_progress');
  }

  async function scansOf(type: string, query: QueryParams): Promise<readonly string[]> {
    return (await planOf(type, query))
      .filter((node) => node['Node Type'] === 'Seq Scan')
      .map((node) => node['Relation Name'] ?? '');
  }

  it.each<readonly [string, QueryParams]>([
    ['Patient', { _id: 'p7' }],
    ['Patient', { identifier: 'urn:mrn|m7' }],
    ['Patient', { identifier: 'm7' }],
    ['Patient', { family: 'family77' }],
    ['Patient', { 'family:exact': 'Family77' }],
    ['Patient', { phone: '555-7' }],
    ['Patient', { birthdate: '1950-01-02' }],
    ['Observation', { patient: 'p7' }],
    ['Observation', { subject: 'Patient/p7', code: 'http://loinc.org|c1' }],
    ['Observation', { 'value-quantity': '4321|u|kg' }],
    ['Observation', { _profile: 'https://profiles.example/7' }],
    ['Observation', { 'code-value-quantity': 'c1$4321' }],
    ['Observation', { 'subject:Patient.identifier': 'urn:mrn|m7' }],
    ['Patient', { '_has:Observation:patient:value-quantity': '4321|u|kg' }],
    ['Patient', { _id: 'p7', _revinclude: 'Observation:subject' }],
    ['Observation', { patient: 'p7', _include: 'Observation:subject:Patient' }],
    ['Observation', { patient: 'p7', _sort: '-date' }],
    ['Observation', { _count: '10', _total: 'none' }],
  ])('reads no table from end to end: %s %j', async (type, query) => {
    expect(await scansOf(type, query)).toEqual([]);
  });

  it.each<readonly [QueryParams, readonly string[]]>([
    [{ code: 'http://loinc.org|c1' }, ['search_token_code_ix']],
    [{ patient: 'p7' }, ['search_reference_target_ix']],
    [{ date: '2012-03' }, ['search_date_low_ix']],
  ])('counts from indexes alone: %j', async (query, indexes) => {
    const plan = await planOf('Observation', { ...query, _count: '0' });
    const scans = plan.filter((node) => node['Relation Name'] !== undefined);

    expect(scans.map((node) => node['Node Type'])).toEqual(['Index Only Scan', 'Index Only Scan']);
    expect(scans.map((node) => node['Index Name']).toSorted()).toEqual(
      ['clinical_resource_search_key_uq', ...indexes].toSorted(),
    );
  });

  it('would be seen to read one', async () => {
    await dataSource.query('CREATE TABLE search_token_kept AS TABLE search_token');
    const rows: { 'QUERY PLAN': readonly { Plan: Plan }[] }[] = await dataSource.query(
      `EXPLAIN (FORMAT JSON) SELECT * FROM search_token_kept WHERE code = 'm7'`,
    );

    expect(nodes(rows[0]?.['QUERY PLAN'][0]?.Plan ?? { 'Node Type': '' })).toContainEqual(
      expect.objectContaining({ 'Node Type': 'Seq Scan', 'Relation Name': 'search_token_kept' }),
    );
  });
});
