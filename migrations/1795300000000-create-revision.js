/** One number that grows with every change of the configuration, so that instances notice (spec §10). */
export class CreateRevision1795300000000 {
    async up(runner) {
        await runner.query(`
      CREATE TABLE configuration_revision (
        id       smallint NOT NULL,
        revision bigint   NOT NULL,
        CONSTRAINT configuration_revision_pk PRIMARY KEY (id),
        -- A second row would let two changes pass each other.
        CONSTRAINT configuration_revision_id_ck CHECK (id = 1)
      )`);
        await runner.query('INSERT INTO configuration_revision (id, revision) VALUES (1, 0)');
    }
    async down(runner) {
        await runner.query('DROP TABLE configuration_revision');
    }
}
