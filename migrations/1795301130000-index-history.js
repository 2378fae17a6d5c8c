/** Histories show the newest versions first, of which superseded ones had no index. */
export class IndexHistory1795301130000 {
    name = 'IndexHistory1795301130000';
    async up(runner) {
        await runner.query(`
      CREATE INDEX clinical_resource_history_last_updated_ix
        ON clinical_resource_history (resource_type, last_updated)`);
    }
    async down(runner) {
        await runner.query('DROP INDEX clinical_resource_history_last_updated_ix');
    }
}
