import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../src/database/data-source.js';
import { r4SearchDefinitions } from '../../src/fhir/definitions/r4-search-definitions.js';
import { readsWithin } from '../../src/interactions/load/wide-reads.js';
import type { QueryParams } from '../../src/interactions/search/parse-search.js';
import { ClinicalSearches } from '../../src/interactions/search/query/clinical-searches.js';
import { onEmbeddedDatabase } from './embedded-database.js';
import { ownIndex } from './index-owner.js';
import { row, spread, table } from './table.js';
import { WriteBench } from './writes.js';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5);
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

const patient = (n: number): object => ({
  resourceType: 'Patient',
  id: `p${n}`,
  name: [{ family: `Family${n}`, given: ['Given'] }],
});

class Bench {
  private readonly definitions = r4SearchDefinitions();

  constructor(private readonly dataSource: DataSource) {}

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
  const writes = new WriteBench(dataSource, BASE);
  for (let n = 0; n < 500; n += 1) await writes.store(patient(n));
  console.log(await writes.compare(ROUNDS));
  const one = new Bench(dataSource);
  await ownIndex(dataSource, r4SearchDefinitions());
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
