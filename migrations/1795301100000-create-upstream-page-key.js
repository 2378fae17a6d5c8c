/** The key with which links to pages of the upstream are sealed; see docs/gateway.md. */
export class CreateUpstreamPageKey1795301100000 {
    name = 'CreateUpstreamPageKey1795301100000';
    async up(runner) {
        await runner.query(`
      CREATE TABLE upstream_page_key (
        id  smallint NOT NULL,
        key bytea    NOT NULL,
        CONSTRAINT upstream_page_key_pk PRIMARY KEY (id),
        -- With a second row instances could disagree.
        CONSTRAINT upstream_page_key_id_ck CHECK (id = 1),
        CONSTRAINT upstream_page_key_key_ck CHECK (length(key) = 32)
      )`);
    }
    async down(runner) {
        await runner.query('DROP TABLE upstream_page_key');
    }
}
