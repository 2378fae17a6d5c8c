/** What each index table compares, and the indexes that find it. Every row belongs to an element, its slot. */
const TABLES = [
    {
        table: 'search_token',
        columns: 'system text COLLATE "C", code text COLLATE "C"',
        indexes: { code: 'slot, code, system', system: 'slot, system' },
    },
    {
        table: 'search_string',
        columns: 'value text COLLATE "C" NOT NULL, exact text COLLATE "C" NOT NULL',
        // Longer texts do not fit into an entry of an index.
        indexes: { value: 'slot, left(value, 200)' },
    },
    {
        table: 'search_date',
        columns: `low timestamptz NOT NULL, high timestamptz NOT NULL,
      CONSTRAINT search_date_span_ck CHECK (low < high)`,
        indexes: { low: 'slot, low', high: 'slot, high' },
    },
    {
        table: 'search_quantity',
        columns: `low numeric, high numeric,
      system text COLLATE "C", code text COLLATE "C", unit text COLLATE "C"`,
        indexes: { low: 'slot, low', high: 'slot, high' },
    },
    {
        table: 'search_reference',
        columns: 'target_type text COLLATE "C", target_id text COLLATE "C", url text COLLATE "C"',
        indexes: { target: 'slot, target_id, target_type', url: 'slot, left(url, 200)' },
    },
    {
        table: 'search_uri',
        columns: 'value text COLLATE "C" NOT NULL',
        indexes: { value: 'slot, left(value, 200)' },
    },
];
/** By what current clinical resources are found, and how far existing ones are indexed. */
export class CreateSearchIndex1795301090000 {
    name = 'CreateSearchIndex1795301090000';
    async up(runner) {
        await runner.query('DROP INDEX clinical_resource_identifier_ix');
        await runner.query('ALTER TABLE clinical_resource ADD COLUMN search_key bigint GENERATED ALWAYS AS IDENTITY');
        await runner.query('ALTER TABLE clinical_resource ADD CONSTRAINT clinical_resource_search_key_uq UNIQUE (search_key)');
        for (const { table, columns, indexes } of TABLES) {
            await runner.query(`
        CREATE TABLE ${table} (
          search_key bigint NOT NULL,
          slot       int NOT NULL,
          -- Values of one repetition of an element belong together.
          item       int NOT NULL,
          ${columns}
        )`);
            await runner.query(`CREATE INDEX ${table}_search_key_ix ON ${table} (search_key, slot)`);
            for (const [name, expression] of Object.entries(indexes)) {
                await runner.query(`CREATE INDEX ${table}_${name}_ix ON ${table} (${expression})`);
            }
        }
        await runner.query(`
      CREATE TABLE search_progress (
        id          smallint NOT NULL,
        definitions text NOT NULL,
        -- Rows up to this key are indexed by these definitions.
        indexed_to  bigint NOT NULL,
        is_complete boolean NOT NULL,
        CONSTRAINT search_progress_pk PRIMARY KEY (id),
        -- With a second row instances could disagree.
        CONSTRAINT search_progress_id_ck CHECK (id = 1)
      )`);
    }
    async down(runner) {
        const tables = TABLES.map(({ table }) => table);
        await runner.query(`DROP TABLE search_progress, ${tables.join(', ')}`);
        await runner.query('ALTER TABLE clinical_resource DROP COLUMN search_key');
        await runner.query(`
      CREATE INDEX clinical_resource_identifier_ix
        ON clinical_resource USING gin ((resource -> 'identifier') jsonb_path_ops)`);
    }
}
