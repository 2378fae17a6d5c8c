/** What is cached belongs to an epoch; a new one makes everything that was cached unreachable. */
export class CreateCacheEpoch1795301040200 {
    name = 'CreateCacheEpoch1795301040200';
    async up(runner) {
        await runner.query(`
      CREATE TABLE cache_epoch (
        id    smallint NOT NULL,
        -- Not a number: a database that is made anew must not meet the entries of the old one.
        epoch uuid     NOT NULL,
        CONSTRAINT cache_epoch_pk PRIMARY KEY (id),
        -- With a second row instances could disagree.
        CONSTRAINT cache_epoch_id_ck CHECK (id = 1)
      )`);
        await runner.query('INSERT INTO cache_epoch (id, epoch) VALUES (1, gen_random_uuid())');
    }
    async down(runner) {
        await runner.query('DROP TABLE cache_epoch');
    }
}
