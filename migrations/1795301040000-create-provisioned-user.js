/** Remembers of each User that a provider described what came from there, so that only that is refreshed. */
export class CreateProvisionedUser1795301040000 {
    name = 'CreateProvisionedUser1795301040000';
    async up(runner) {
        await runner.query(`
      CREATE TABLE provisioned_user (
        user_id      text COLLATE "C" NOT NULL,
        -- Names of the members of User.data that the provider gave; others are not its to take away.
        data_keys    text[] NOT NULL,
        -- iat of the token whose claims they are: an older one must not bring back what has ended.
        token_iat    double precision,
        -- When an instance last set out to ask; claims the next refresh for one instance.
        refreshed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT provisioned_user_pk PRIMARY KEY (user_id),
        CONSTRAINT provisioned_user_user_fk
          FOREIGN KEY (user_id) REFERENCES "user" (id) ON DELETE CASCADE
      )`);
    }
    async down(runner) {
        await runner.query('DROP TABLE provisioned_user');
    }
}
