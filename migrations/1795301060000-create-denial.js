/** Requests that were denied, and why, for those who ask about them later or on another instance. */
export class CreateDenial1795301060000 {
    name = 'CreateDenial1795301060000';
    async up(runner) {
        await runner.query(`
      CREATE TABLE denial (
        number     bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
        request_id uuid        NOT NULL,
        denied_at  timestamptz NOT NULL,
        -- Denials that anybody can cause must not crowd out those of known callers.
        is_known   boolean     NOT NULL,
        -- Not jsonb, which takes no NUL within texts. Without secrets.
        trace      text        NOT NULL,
        CONSTRAINT denial_pk PRIMARY KEY (number),
        CONSTRAINT denial_trace_ck CHECK (length(trace) <= 131072)
      )`);
        await runner.query('CREATE INDEX denial_request_id_ix ON denial (request_id)');
        await runner.query('CREATE INDEX denial_denied_at_ix ON denial (denied_at)');
        await runner.query('CREATE INDEX denial_is_known_ix ON denial (is_known, number)');
    }
    async down(runner) {
        await runner.query('DROP TABLE denial');
    }
}
