import { resolve } from 'node:path';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../src/database/data-source.js';
import { r4SearchDefinitions } from '../../src/fhir/definitions/r4-search-definitions.js';
import { readsWithin } from '../../src/interactions/load/wide-reads.js';
import { SearchIndex } from '../../src/interactions/search/index/search-index.js';
import { ClinicalSearches } from '../../src/interactions/search/query/clinical-searches.js';
import type { QueryParams } from '../../src/interactions/search/parse-search.js';
import { parseIndexedSearch } from '../../src/interactions/search/query/parse-indexed-search.js';
import { onEmbeddedDatabase } from './embedded-database.js';
import { ownIndex } from './index-owner.js';
import { bulkLoad } from './million/bulk-load.js';
import { accessOf, planText } from './million/plans.js';
import { Population } from './million/population.js';
import { questionsOf, type Question } from './million/questions.js';
import { table, row } from './table.js';
import { WriteBench } from './writes.js';

const RESOURCES = Number(process.env['BENCH_RESOURCES'] ?? 1_000_000);
/** Where the database is kept for the next run; without it, it is gone afterwards. */
const FOLDER = process.env['BENCH_FOLDER'];
const DATA = process.env['WARDGATE_TEST_DATA'] ?? resolve('..', 'shared', 'data');
const ASKED = Number(process.env['BENCH_SEARCHES'] ?? 40);
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5);
const PAGES = Number(process.env['BENCH_PAGES'] ?? 1000);
/** A search that takes long is asked less often. */
const BUDGET_MS = 10_000;
const BASE = 'https://bench.example/fhir';

class Million {
  private readonly definitions = r4SearchDefinitions();

  constructor(
    private readonly dataSource: DataSource,
    private readonly population: Population,
    private readonly copies: number,
  ) {}

  async fill(): Promise<void> {
    if ((await this.count()) > 0) return;
    const start = performance.now();
    const index = new SearchIndex(this.definitions, BASE);
    await bulkLoad(this.dataSource, index, this.population, this.copies);
    const seconds = (performance.now() - start) / 1000;
    console.log(`${await this.count()} resources loaded in ${seconds.toFixed(0)} s`);
  }

  /** What the tables hold and take on disk. */
  async sizes(): Promise<string> {
    const sizes: { name: string; count: string; heap: string; indexes: string }[] =
      await this.dataSource.query(
        `SELECT relname AS name, reltuples::bigint::text AS count,
                pg_size_pretty(pg_table_size(oid)) AS heap, pg_size_pretty(pg_indexes_size(oid)) AS indexes
           FROM pg_class WHERE relkind = 'r' AND relname IN
             ('clinical_resource', 'search_date', 'search_quantity', 'search_reference', 'search_string',
              'search_token', 'search_uri') ORDER BY relname`,
      );
    return table(
      ['table', 'rows', 'size', 'its indexes'],
      sizes.map(({ name, count, heap, indexes }) => row(name, count, heap, indexes)),
    );
  }

  async measure(question: Question): Promise<string> {
    const found = await this.run(question, 0);
    const times: number[] = [];
    const start = performance.now();
    for (let at = 1; at <= ASKED && performance.now() - start < BUDGET_MS; at += 1) {
      const before = performance.now();
      await this.run(question, at);
      times.push(performance.now() - before);
    }
    const { indexes, tables } = await accessOf(this.dataSource, this.parsed(question));
    return row(
      `\`${question.title}\``,
      found,
      at(times, 0.5),
      at(times, 0.95),
      indexes.map((name) => name.replace(/_ix$/, '')).join(', '),
      tables.join(', ') || 'none',
    );
  }

  /** Time of one read by id, in ms, among as many as there are. */
  async read(): Promise<string> {
    const times: number[] = [];
    for (let caller = 0; caller < 10 * ASKED; caller += 1) {
      const [id] = this.population.ids('Observation', (caller * 7919) % this.copies);
      const before = performance.now();
      await this.dataSource.query(
        `SELECT resource::text AS text FROM clinical_resource
          WHERE resource_type = 'Observation' AND id = $1`,
        [id],
      );
      times.push(performance.now() - before);
    }
    return row('read by id', '1', at(times, 0.5), at(times, 0.95), 'clinical_resource_pk', 'none');
  }

  /** Pages of 100, one after the other; first and last are compared. */
  async turnPages(pages: number): Promise<readonly string[]> {
    const times: number[] = [];
    let query: QueryParams | undefined = { _count: '100', _total: 'none' };
    while (query !== undefined && times.length < pages) {
      const before = performance.now();
      const { next } = await this.searches().parse(query, ['Observation']).run();
      times.push(performance.now() - before);
      query = next === undefined ? undefined : { _count: '100', _total: 'none', _after: next };
    }
    const line = (title: string, part: readonly number[]): string =>
      row(title, '100', at(part, 0.5), at(part, 0.95), 'clinical_resource_pk', 'none');
    return [
      line('`Observation?_count=100`, pages 1 to 50', times.slice(0, 50)),
      line(`the same, pages ${times.length - 49} to ${times.length}`, times.slice(-50)),
    ];
  }

  async explain(question: Question): Promise<string> {
    return `${question.title}\n\n${await planText(this.dataSource, this.parsed(question))}\n`;
  }

  private searches(): ClinicalSearches {
    const { definitions } = this;
    const reads = readsWithin(this.dataSource.manager);
    return new ClinicalSearches({
      definitions,
      baseUrl: BASE,
      reads,
      assertComplete: () => undefined,
    });
  }

  private parsed({ type, query }: Question) {
    return parseIndexedSearch(query(0), [type], { definitions: this.definitions, baseUrl: BASE });
  }

  /** @returns how many there are, or on the page when they are not counted */
  private async run({ type, query }: Question, caller: number): Promise<string> {
    const search = this.searches().parse(query(caller), [type]);
    const { total, matches, included } = await search.run();
    const more = included.length === 0 ? '' : ` + ${included.length}`;
    return `${total ?? `page of ${matches.length}`}${more}`;
  }

  private async count(): Promise<number> {
    const rows: { count: string }[] = await this.dataSource.query(
      'SELECT count(*) FROM clinical_resource',
    );
    return Number(rows[0]?.count ?? 0);
  }
}

/** A quantile, in ms. */
function at(times: readonly number[], share: number): string {
  const sorted = times.toSorted((a, b) => a - b);
  const ms = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return ms.toFixed(ms < 10 ? 1 : 0);
}

async function bench(dataSource: DataSource): Promise<void> {
  const population = new Population(resolve(DATA, 'synthea-r4'));
  const copies = Math.ceil(RESOURCES / population.size);
  const million = new Million(dataSource, population, copies);
  await million.fill();
  await ownIndex(dataSource, r4SearchDefinitions());
  console.log(`${await million.sizes()}\n`);
  const wanted = process.env['BENCH_ONLY'];
  const questions = questionsOf(population, copies).filter(
    ({ title }) => wanted === undefined || title.includes(wanted),
  );
  const lines = [await million.read(), ...(await million.turnPages(PAGES))];
  for (const question of questions) {
    lines.push(await million.measure(question));
    console.error(lines.at(-1));
  }
  const heads = ['search', 'found', 'median, ms', '95 %, ms', 'indexes', 'read from end to end'];
  console.log(table(heads, lines));
  if (wanted === undefined) {
    console.log(`\n${await new WriteBench(dataSource, BASE).compare(ROUNDS)}`);
    return;
  }
  for (const question of questions) console.log(await million.explain(question));
}

await onEmbeddedDatabase(async (url) => {
  const options = dataSourceOptions({ url }, { poolSize: 4, statementTimeoutMs: 0 });
  const dataSource = await new DataSource(options).initialize();
  try {
    await bench(dataSource);
  } finally {
    await dataSource.destroy();
  }
}, FOLDER);
