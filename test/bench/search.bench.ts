import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../src/database/data-source.js';
import { r4SearchDefinitions } from '../../src/fhir/definitions/r4-search-definitions.js';
import { insertion } from '../../src/interactions/search/index/index-statements.js';
import { readsWithin } from '../../src/interactions/load/wide-reads.js';
import { SearchIndex } from '../../src/interactions/search/index/search-index.js';
import type { QueryParams } from '../../src/interactions/search/parse-search.js';
import { ClinicalSearches } from '../../src/interactions/search/query/clinical-searches.js';
import { PostgresResourceStore } from '../../src/interactions/storage/postgres-resource-store.js';
import { clinicalTable } from '../../src/interactions/storage/resource-table.js';
import { SecretsCodec } from '../../src/interactions/storage/secrets-codec.js';
import { onEmbeddedDatabase } from './embedded-database.js';
import { row, spread, table } from './table.js';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5);
const WRITES = 300;
const SEARCHES = 50;
const BASE = 'https://bench.example/fhir';

const SEARCHED: readonly (readonly [string, QueryParams])[] = [
  ['Observation', { patient: 'p7' }],
  ['Observation', { code: 'http://loinc.org|c1', date: 'ge2020' }],
  ['Observation', { 'component-code-value-quantity': 'k1$gt100', _total: 'none' }],
  ['Observation', { 'subject:Patient.family': 'family7', _total: 'none' }],
  ['Observation', { patient: 'p7', _sort: '-date', _include: 'Observation:subject:Patient' }],
  ['Patient', { '_has:Observation:patient:code': 'c1', _count: '20' }],
];

function observation(n: number): object {
  const code = (text: string) => ({ coding: [{ system: 'http://loinc.org', code: text }], text });
  return {
    resourceType: 'Observation',
    id: `b${n}`,
    status: 'final',
    category: [code('vital-signs')],
    code: code(`c${n % 400}`),
    subject: { reference: `Patient/p${n % 500}` },
    encounter: { reference: `Encounter/e${n % 2000}` },
    effectiveDateTime: `20${10 + (n % 15)}-03-1${n % 9}T10:00:00Z`,
    issued: '2024-01-01T00:00:00Z',
    component: [1, 2].map((at) => ({
      code: code(`k${at}`),
      valueQuantity: {
        value: (n * 7 + at) % 200,
        system: 'http://unitsofmeasure.org',
        code: 'mm[Hg]',
      },
    })),
  };
}

const patient = (n: number): object => ({
  resourceType: 'Patient',
  id: `p${n}`,
  name: [{ family: `Family${n}`, given: ['Given'] }],
});

class Bench {
  private readonly definitions = r4SearchDefinitions();
  private readonly index = new SearchIndex(this.definitions, BASE);
  private count = 0;

  constructor(private readonly dataSource: DataSource) {}

  /** As Wardgate writes: lock, version, resource and index in one transaction. */
  async store(resource: { readonly resourceType?: string; readonly id?: string }): Promise<void> {
    const { resourceType: type = '', id = '' } = resource;
    await this.dataSource.transaction(async (manager) => {
      const transaction = { manager, changes: [] };
      const settings = {
        createdAtUrl: 'ex:createdAt',
        encryptSecret: undefined,
        previousEncryptSecrets: [],
      };
      const codec = new SecretsCodec(undefined);
      const store = new PostgresResourceStore(
        { manager, reads: readsWithin(manager) },
        settings,
        codec,
        clinicalTable(type),
        this.index,
      );
      const previous = await store.lock(transaction, id);
      await store.write(transaction, previous, {
        id,
        method: 'PUT',
        text: JSON.stringify(resource),
      });
    });
  }

  /** The same rows and nothing else: no lock, no version, no `meta`, nothing to extract. */
  async plain(resource: object): Promise<void> {
    const text = JSON.stringify(resource);
    const rows = this.index.rowsOf('Observation', text);
    await this.dataSource.transaction(async (manager) => {
      const inserted: { search_key: string }[] = await manager.query(
        `INSERT INTO clinical_resource
           (resource_type, id, version_id, created_at, last_updated, method, resource)
         VALUES ('Observation', $1, 1, now(), now(), 'PUT', $2::jsonb) RETURNING search_key`,
        [`plain${this.count}`, text],
      );
      const statement = insertion([{ key: inserted[0]?.search_key ?? '', rows }]);
      if (statement) await manager.query(statement.text, [...statement.values]);
    });
  }

  async writes(write: (resource: object) => Promise<void>): Promise<number> {
    const start = performance.now();
    for (let n = 0; n < WRITES; n += 1) {
      this.count += 1;
      await write(observation(this.count));
    }
    return (performance.now() - start) / WRITES;
  }

  async searches(type: string, query: QueryParams): Promise<number> {
    const { definitions } = this;
    const { manager } = this.dataSource;
    const reads = readsWithin(manager);
    const context = { definitions, baseUrl: BASE, reads, assertComplete: () => undefined };
    const searches = new ClinicalSearches(context);
    const start = performance.now();
    for (let n = 0; n < SEARCHES; n += 1) await searches.parse(query, [type]).run();
    return (performance.now() - start) / SEARCHES;
  }
}

async function bench(dataSource: DataSource): Promise<void> {
  const one = new Bench(dataSource);
  for (let n = 0; n < 500; n += 1) await one.store(patient(n));
  const stored: number[] = [];
  const plain: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    plain.push(await one.writes((resource) => one.plain(resource)));
    stored.push(await one.writes((resource) => one.store(resource)));
  }
  const ratios = stored.map((ms, at) => ms / (plain[at] ?? Number.NaN));
  console.log(
    table(
      ['write of an Observation, ms', 'as Wardgate writes', 'the same rows alone', 'ratio'],
      [row('', spread(stored, 2), spread(plain, 2), spread(ratios, 2))],
    ),
  );
  await dataSource.query('ANALYZE');
  const lines: string[] = [];
  for (const [type, query] of SEARCHED) {
    const rounds: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) rounds.push(await one.searches(type, query));
    lines.push(
      row(
        `${type}?${new URLSearchParams(query as Record<string, string>).toString()}`,
        spread(rounds, 1),
      ),
    );
  }
  console.log(table(['search', 'ms'], lines));
}

await onEmbeddedDatabase(async (url) => {
  const dataSource = new DataSource(dataSourceOptions({ url }, { poolSize: 2 }));
  await dataSource.initialize();
  try {
    await bench(dataSource);
  } finally {
    await dataSource.destroy();
  }
});
