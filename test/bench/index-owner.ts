import type { DataSource } from 'typeorm';
import type { SearchDefinitions } from '../../src/interactions/search/definitions/search-definitions.js';

/** Says that everything is indexed by the definitions, for what benchmarks have indexed themselves. */
export async function ownIndex(
  dataSource: DataSource,
  { version }: SearchDefinitions,
): Promise<void> {
  await dataSource.query(
    `INSERT INTO search_progress (id, definitions, indexed_to, is_complete) VALUES (1, $1, 0, true)
     ON CONFLICT (id) DO UPDATE SET definitions = $1, is_complete = true`,
    [version],
  );
}
