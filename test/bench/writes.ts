import { randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { r4SearchDefinitions } from '../../src/fhir/definitions/r4-search-definitions.js';
import { readsWithin } from '../../src/interactions/load/wide-reads.js';
import { insertion } from '../../src/interactions/search/index/index-statements.js';
import { SearchIndex } from '../../src/interactions/search/index/search-index.js';
import { PostgresResourceStore } from '../../src/interactions/storage/postgres-resource-store.js';
import { clinicalTable } from '../../src/interactions/storage/resource-table.js';
import { SecretsCodec } from '../../src/interactions/storage/secrets-codec.js';
import { row, spread, table } from './table.js';

const WRITES = 300;

function observation(id: string, n: number): object {
  const code = (text: string) => ({ coding: [{ system: 'http://loinc.org', code: text }], text });
  return {
    resourceType: 'Observation',
    id,
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

/** What a write costs beside the same rows without Wardgate. */
export class WriteBench {
  private readonly index: SearchIndex;
  /** Tells its resources from those of other runs on the same database. */
  private readonly run = randomBytes(4).toString('hex');
  private count = 0;

  /** @param baseUrl base of FHIR, such as `https://example.org/fhir` */
  constructor(
    private readonly dataSource: DataSource,
    baseUrl: string,
  ) {
    this.index = new SearchIndex(r4SearchDefinitions(), baseUrl);
  }

  /** A table of what came of so many rounds, in which both take turns. */
  async compare(rounds: number): Promise<string> {
    const stored: number[] = [];
    const plain: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      plain.push(await this.writes('plain', (resource) => this.plain(resource)));
      stored.push(await this.writes('stored', (resource) => this.store(resource)));
    }
    const ratios = stored.map((ms, at) => ms / (plain[at] ?? Number.NaN));
    return table(
      ['write of an Observation, ms', 'as Wardgate writes', 'the same rows alone', 'ratio'],
      [row('', spread(stored, 2), spread(plain, 2), spread(ratios, 2))],
    );
  }

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
  private async plain(resource: { readonly id?: string }): Promise<void> {
    const { id = '' } = resource;
    const text = JSON.stringify(resource);
    const rows = this.index.rowsOf('Observation', text);
    await this.dataSource.transaction(async (manager) => {
      const inserted: { search_key: string }[] = await manager.query(
        `INSERT INTO clinical_resource
           (resource_type, id, version_id, created_at, last_updated, method, resource)
         VALUES ('Observation', $1, 1, now(), now(), 'PUT', $2::jsonb) RETURNING search_key`,
        [id, text],
      );
      const statement = insertion([{ key: inserted[0]?.search_key ?? '', rows }]);
      if (statement) await manager.query(statement.text, [...statement.values]);
    });
  }

  private async writes(kind: string, write: (resource: object) => Promise<void>): Promise<number> {
    const start = performance.now();
    for (let n = 0; n < WRITES; n += 1) {
      this.count += 1;
      await write(observation(`${kind}-${this.run}-${this.count}`, this.count));
    }
    return (performance.now() - start) / WRITES;
  }
}
